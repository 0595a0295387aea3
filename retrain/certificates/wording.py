"""Certificates, their states and refusals in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain import messages
from retrain.catalogue.states import DocumentType
from retrain.certificates.book import wording as book
from retrain.certificates.names import wording as names
from retrain.certificates.paper import wording as paper
from retrain.certificates.states import CertificateState, Ground, KeyPlace, Part, ReceivedBy, Rendition

STATES = {
    CertificateState.PREPARED: (_l("dated ahead"), "waiting"),
    CertificateState.ISSUED: (_l("issued"), "issued"),
    CertificateState.HANDED_OVER: (_l("handed over"), "done"),
    CertificateState.REPLACED: (_l("replaced"), "idle"),
    CertificateState.REVOKED: (_l("revoked"), "problem"),
}

DOCUMENTS = {
    DocumentType.ADVANCED_TRAINING_CERTIFICATE: _l("certificate of advanced training"),
    DocumentType.RETRAINING_DIPLOMA: _l("diploma of retraining"),
    DocumentType.PARTICIPATION: _l("certificate of participation"),
}

RECEIVED = {
    ReceivedBy.SELF: _l("by the holder"),
    ReceivedBy.PROXY: _l("by proxy"),
    ReceivedBy.POST: _l("by post"),
}

GROUNDS = {
    Ground.LOST: _l("the holder lost it"),
    Ground.UNUSABLE: _l("it became unusable"),
    Ground.NAME_CHANGED: _l("the holder’s name changed"),
    Ground.MISTAKE: _l("there is a mistake in it, put right in the data before"),
}

PARTS = {
    Part.NAME: _l("the name"),
    Part.WORKPLACE: _l("the place of work and the post"),
    Part.COURSE: _l("the course and its modules"),
    Part.PERIOD: _l("the days and the hours"),
    Part.RESULT: _l("the result"),
    Part.ORDER: _l("the number and the day of the order"),
}

ALGORITHMS = {"p256": "ECDSA P-256", "rsa": "RSA"}

KEY_PLACES = {KeyPlace.FILE: _l("in the data folder"), KeyPlace.DEVICE: _l("in a device")}

VERDICTS = {
    "valid": (_l("Genuine"), _l("This document was issued and is valid."), "done"),
    "not_yet_issued": (
        _l("Not yet issued"),
        _l("This document is prepared for its day of issue and proves nothing before it."),
        "waiting",
    ),
    "replaced": (
        _l("Replaced"),
        _l("It is not valid any more: another document, %(by)s, was issued in its place on %(on)s."),
        "waiting",
    ),
    "revoked": (_l("Revoked"), _l("It was revoked on %(on)s and is not valid any more."), "problem"),
}
"""What the register says of a document: title, sentence, tone."""

FILE_VERDICTS = {
    "authentic": (
        _l("This is the file that was issued"),
        _l("Not a byte of it was changed since it was signed."),
        "done",
    ),
    "altered": (
        _l("This file was altered"),
        _l("It is not the file that was issued. What was issued stands below, as the register has it."),
        "problem",
    ),
    "unregistered": (
        _l("This file is not in the register"),
        _l(
            "It is signed with a key of ours, yet no document belongs to it. Tell the organisation that it names."
        ),
        "problem",
    ),
    "unknown": (
        _l("This file is not known"),
        _l(
            "No document was issued as this file. Of a scan or a photograph nothing can be told: type the number and the"
            " check code that stand on it."
        ),
        "problem",
    ),
}
"""What an uploaded file is: title, sentence, tone."""

ALTERATIONS = {
    "page-added": _l("A page was added behind the signed file."),
    "signature-on-top": _l("Somebody put another signature on top of ours."),
    "added": _l("Something was written into it after it was signed."),
    "changed": _l("What stands in it was changed, so the signature does not fit any more."),
}

REFUSALS = {
    **paper.REFUSALS,
    **names.REFUSALS,
    **book.REFUSALS,
    "run-not-finished": _l(
        "The run is not closed yet. Documents are issued after the decisions on completion."
    ),
    "order-missing": _l("The order of completion is not registered. The rules of this run ask for one."),
    "enrolment-order-not-registered": _l(
        "The order of enrolment is not registered. The rules of this run ask for one."
    ),
    "unpaid": lambda people: ngettext(
        "The course is not paid for by %(num)s person. Their document is issued once it is.",
        "The course is not paid for by %(num)s people. Their documents are issued once it is.",
        people,
    ),
    "completed-after-order": lambda people: ngettext(
        "%(num)s person completed the course after its order of completion. Register an order that changes it first.",
        "%(num)s people completed the course after its order of completion. Register an order that changes it first.",
        people,
    ),
    "nobody-completed": _l("Nobody on this run has completed it, so there is nothing to issue."),
    "signatory-missing": _l("No signatory is set for today. Add one in the settings of your organisation."),
    "already-handed-over": _l("This document was handed over on %(on)s."),
    "certificate-ended": _l("This document was replaced or revoked and can't be handed over."),
    "ended-already": _l("This document was already replaced or revoked."),
    "order-without-day": _l("Write the day of the order too."),
    "order-without-number": _l("Write the number of the order too, or leave its day empty."),
    "order-to-come": _l("An order of a day to come revokes nothing yet."),
    "nothing-put-right": _l("Choose what is put right: everything else stays as it was."),
    "replaced-already": _l("Another document was already issued in place of this one."),
    "not-issued-yet": _l(
        "This document is not issued yet, so there is nothing to replace. If it is wrong, revoke it; then another one"
        " can be issued in its place."
    ),
    "prepared-only": _l(
        "This document is dated %(on)s. It is issued on that day, and can be opened and handed over then."
    ),
    "dated-back": _l("A document can't be dated back: choose today, %(today)s, or a later day."),
    "dated-too-far": _l("Choose a day not later than %(last)s."),
    "numbers-held": _l(
        "The data came back from a backup, and paper may be ahead of it. An HR officer first confirms the last"
        " numbers used, on the page “Last numbers” under Documents."
    ),
    "clock-behind": _l(
        "The server’s clock stands before the last document of this series, which was issued on %(at)s. Have the clock put"
        " right: until then nothing is issued, for its day would be wrong."
    ),
    "pdf-wanted": _l("Choose the PDF file. A photograph or a scan can’t be checked like this."),
    "numbers-unwritten": _l("Write the last number of at least one series."),
    "number-below-known": _l(
        "The last number of %(series)s can't be less than %(known)s: that many are in the database."
    ),
    "document-no-glyph": _l(
        "%(name)s: the document can't show these characters: %(characters)s. Put the text right in the data: Latin and"
        " Cyrillic letters can be printed."
    ),
    "document-too-long": lambda name, part, characters: _l(
        "%(name)s: a text does not fit into its place (%(part)s). Shorten it in the data.",
        name=name,
        part=_place(part),
    ),
    "document-name-small": _l(
        "%(name)s: this name is too long. Even in two lines its letters would be smaller than the rest of the document."
        " Shorten it in the data, as the passport writes it."
    ),
    "emblem-lost": _l(
        "The picture of your emblem is not among the files any more. An HR officer chooses it again on the page"
        " “Designs” under Documents."
    ),
    "receiver-missing": _l("Write who took it: the proxy’s name, or the number of the postal item."),
    "hand-over-before-issue": _l("The day lies before the day of issue, %(on)s."),
    "design-unknown": lambda what: _l(
        "The design can't be changed in this way (%(what)s). Write numbers and plain text.", what=_place(what)
    ),
    "design-outside": lambda what: _l(
        "With these numbers a text leaves the sheet (%(what)s). The sheet is 297 by 210 mm.",
        what=_place(what),
    ),
    "design-size": lambda what: _l(
        "These letters or this square are too small or too large (%(what)s).", what=_place(what)
    ),
    "design-too-long": lambda what: _l("A text of the design is too long (%(what)s).", what=_place(what)),
    "nothing-issued": _l("Nothing has been issued on this run yet."),
    "key-expired": _l(
        "The key that documents are signed with expired on %(on)s, and an expired key signs nothing. An HR officer"
        " makes or imports another on the page “Signing keys” under Documents."
    ),
    "key-unreadable": _l("This file holds no key and certificate, or the password is another."),
    "certificate-unreadable": _l("This file holds no certificate."),
    "key-of-other-kind": _l(
        "This is neither a P-256 nor an RSA key. Readers of PDFs would say that its signatures are not valid."
    ),
    "key-too-short": _l("An RSA key of %(bits)s bits can be broken. It needs at least 2048."),
    "key-of-another-certificate": _l("The certificate belongs to another key."),
    "certificate-expired": _l("The certificate expired on %(on)s. Ask for a new one."),
    "certificate-not-yet-valid": _l("The certificate is valid only from %(on)s on."),
    "chain-broken": _l("The certificate of %(subject)s is not signed by the next one in the file."),
    "key-missing": _l("There is no key yet. Make one or import one."),
    "key-in-device": _l(
        "This key is in a device: make the request for its certificate with the device’s own program."
    ),
    "key-file-missing": _l(
        "The signing key’s file %(file)s is not in the data folder or can’t be read. Bring it back from where keys are"
        " kept, or make another key."
    ),
    "device-away": _l(
        "The device with the signing key does not answer. See that it is plugged in; the server’s log says more."
    ),
    "stamp-missing": _l(
        "The time-stamp service does not answer as it should, so nothing is signed. Try again later."
    ),
}

RENDITIONS = {
    Rendition.FULL: _l("whole documents, on white paper"),
    Rendition.OVERLAY: _l("only what varies, on state blanks"),
}

DESIGNS = {
    "advanced_training": _l("Certificate of advanced training"),
    "retraining_diploma": _l("Diploma of retraining with its supplement"),
    "participation": _l("Certificate of participation"),
    "duplicate": _l("Duplicate"),
}

DESIGN_WORDS = {
    "title": _l("Title"),
    "about": _l("Under the title"),
    "given": _l("Before the name"),
    "completed": _l("Before the course"),
    "seal": _l("In the place of the seal"),
    "check": _l("Under the QR code"),
    "supplement": _l("Title of the supplement"),
    "without": _l("Note on the supplement"),
}
"""The words of a design that an officer may put otherwise."""

PLACES = {
    "emblem": _l("Emblem"),
    "authority": _l("Authority"),
    "provider": _l("Organisation"),
    "title": _l("Title"),
    "about": _l("Under the title"),
    "number": _l("Number"),
    "given": _l("Before the name"),
    "name": _l("Name"),
    "name_second": _l("Name in the second language"),
    "work": _l("Workplace and post"),
    "completed": _l("Before the course"),
    "course": _l("Course"),
    "course_second": _l("Course in the second language"),
    "speciality": _l("Speciality"),
    "duplicate_of": _l("Which document it stands in for"),
    "facts": _l("Dates, hours, result"),
    "legal_basis": _l("Legal text"),
    "supplement": _l("Title of the supplement"),
    "supplement_number": _l("Number on the supplement"),
    "who": _l("Name on the supplement"),
    "course_line": _l("Course on the supplement"),
    "issued_line": _l("Day on the supplement"),
    "without": _l("Note on the supplement"),
    "square": _l("QR code"),
}
"""What can be moved on a document."""

_MORE_PLACES = {
    "modules": _l("Modules"), "post": _l("Signatories"), "signer": _l("Signatory"),
    "sign_post": _l("Signatories"), "sign_signer": _l("Signatory"), "workplace": _l("Workplace and post"),
    "value": _l("Number, order, place and day of issue"), "label": _l("Number, order, place and day of issue"),
}  # fmt: skip


def _place(name: str) -> object:
    return (PLACES | _MORE_PLACES).get(name, name)


JOBS = {
    "certificates.stack": lambda payload: _("Documents of %(run)s in one PDF", run=payload["run"]),
    "certificates.parcel": lambda payload: _("Documents of %(run)s as one ZIP", run=payload["run"]),
    "certificates.files": lambda payload: ngettext(
        "The file of %(num)s document", "The files of %(num)s documents", len(payload["documents"])
    ),
}

JOB_RESULTS = {
    "certificates.stack": lambda result: ngettext(
        "%(num)s document is in the PDF.", "%(num)s documents are in the PDF.", result["documents"]
    ),
    "certificates.parcel": lambda result: ngettext(
        "%(num)s document is in the ZIP.", "%(num)s documents are in the ZIP.", result["documents"]
    ),
    "certificates.files": lambda result: ngettext(
        "%(num)s document is printed and signed.",
        "%(num)s documents are printed and signed.",
        result["documents"],
    ),
}

MESSAGES = names.MESSAGES | {
    "certificates.college": messages.Kind(
        subject=_l("Documents of your teachers are ready"),
        body=_l(
            "“%(title)s”: these documents are issued: %(names)s. All of them, as a ZIP too, are on their page."
        ),
    ),
    "certificate.issued": messages.Kind(
        subject=_l("Your document %(number)s is issued"),
        body=_l("“%(title)s”: your document %(number)s is issued. Its check page: %(url)s"),
    ),
}
