"""Kinds, roles, refusals, settings and messages of people in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from retrain.messages import Kind
from retrain.people.states import BatchState, OrganisationKind, RoleKind, Sex, StaffKind

ROLES = {
    RoleKind.TEACHER: _l("Teacher"),
    RoleKind.COLLEGE_HR: _l("College HR"),
    RoleKind.COORDINATOR: _l("Coordinator"),
    RoleKind.CURATOR: _l("Curator"),
    RoleKind.LECTURER: _l("Lecturer"),
    RoleKind.SECRETARY: _l("Commission secretary"),
    RoleKind.HR_OFFICER: _l("HR officer"),
    RoleKind.SIGNATORY: _l("Signatory"),
    RoleKind.REGIONAL_CENTRE: _l("Regional centre"),
    RoleKind.MINISTRY: _l("Ministry"),
    RoleKind.ADMINISTRATOR: _l("Administrator"),
}

KINDS = {
    OrganisationKind.UNIVERSITY: _l("University"),
    OrganisationKind.COLLEGE: _l("College"),
    OrganisationKind.EMPLOYER: _l("Employer"),
    OrganisationKind.REGIONAL_CENTRE: _l("Regional centre"),
    OrganisationKind.MINISTRY: _l("Ministry"),
}

STAFF_KINDS = {
    StaffKind.TEACHER: _l("Teacher"),
    StaffKind.MASTER: _l("Training master"),
    StaffKind.HEAD: _l("Head"),
}

SEXES = {Sex.MALE: _l("Male"), Sex.FEMALE: _l("Female")}

REGIONS = {
    "UZ-AN": _l("Andijan region"),
    "UZ-BU": _l("Bukhara region"),
    "UZ-FA": _l("Fergana region"),
    "UZ-JI": _l("Jizzakh region"),
    "UZ-NG": _l("Namangan region"),
    "UZ-NW": _l("Navoi region"),
    "UZ-QA": _l("Kashkadarya region"),
    "UZ-QR": _l("Republic of Karakalpakstan"),
    "UZ-SA": _l("Samarkand region"),
    "UZ-SI": _l("Syrdarya region"),
    "UZ-SU": _l("Surkhandarya region"),
    "UZ-TK": _l("Tashkent city"),
    "UZ-TO": _l("Tashkent region"),
    "UZ-XO": _l("Khorezm region"),
}

FIELDS = {
    "pinfl": _l("PINFL"),
    "name": _l("Full name"),
    "family": _l("Family name"),
    "given": _l("Given name"),
    "patronymic": _l("Patronymic"),
    "birth_date": _l("Date of birth"),
    "sex": _l("Sex"),
    "document_country": _l("Country of the document"),
    "document_number": _l("Number of the document"),
    "college": _l("College"),
    "post": _l("Post"),
    "staff_kind": _l("Kind of staff"),
    "speciality": _l("Speciality"),
    "category": _l("Category"),
    "since": _l("Works there since"),
    "email": _l("E-mail"),
    "phone": _l("Telephone"),
}
"""What a column of a roster may be."""

BATCH_STATES = {
    BatchState.WAITING: ("waiting", _l("waits for its turn")),
    BatchState.APPLYING: ("waiting", _l("is being imported")),
    BatchState.APPLIED: ("done", _l("imported")),
    BatchState.FAILED: ("problem", _l("stopped")),
}

SETTINGS = {
    "bells": _l("Bells"),
    "academic_hour": _l("Academic hour"),
    "working_days": _l("Working days"),
    "absence_warnings": _l("Warnings of missed hours"),
    "mentor_link_days": _l("Letters to mentors"),
    "holidays": _l("Holidays and working Saturdays"),
    "signatories": _l("Signatories"),
    "second_attempt_months": _l("Second attempt"),
    "registers": _l("Registers of classes"),
    "commission_terms": _l("Commission of final works"),
    "appeal_terms": _l("Appeals"),
    "grade_words": _l("Points in words"),
    "legal_texts": _l("Legal texts"),
    "document_series": _l("Document series"),
    "cycle_hours": _l("Hours in three years"),
    "classifier": _l("Classifier of specialities"),
    "channels": _l("Message channels"),
    "retention": _l("Retention"),
    "timetable_weights": _l("What makes a good timetable"),
}

WEIGHTS = {
    "gaps": _l("No empty pairs between classes"),
    "crowding": _l("At most two pairs of one module on a day"),
    "wishes": _l("Lecturers' wishes"),
    "spread": _l("A module spread over many days"),
    "rooms": _l("A module stays in its room"),
    "short_days": _l("No day for one or two pairs only"),
    "evenings": _l("No late pairs"),
    "seats_short": _l("Seats for all places, taken or not"),
    "seats_wasted": _l("No large room for a small group"),
}
"""What a timetable is judged by, besides what it must not do."""

HEAVY = {
    0: _l("does not matter"),
    1: _l("matters a little"),
    2: _l("matters"),
    4: _l("matters much"),
    8: _l("matters most"),
}
"""How much each weighs."""

ENTRIES = {
    "grade_words": _l("Words"),
    "bells": _l("Pair"),
    "holidays": _l("Day"),
    "signatories": _l("Signatory"),
}
"""One row of a setting that has many."""

SETTING_HINTS = {
    "bells": _l("When each pair begins and ends."),
    "academic_hour": _l("How many minutes an academic hour has."),
    "working_days": _l("The days of the week on which classes may be held."),
    "absence_warnings": _l(
        "At how many missed hours a teacher, the college and the coordinator are told, by kind of course. "
        "A run keeps those of the day it is published on."
    ),
    "mentor_link_days": _l("For how many days the link in a letter to a mentor is good."),
    "holidays": _l("Days off besides the country's holidays, and days off that are worked."),
    "signatories": _l("Who signs orders and documents, with post and name as printed."),
    "second_attempt_months": _l(
        "How many months after a course that was not completed a second attempt may begin."
    ),
    "registers": _l(
        "How many days after a class its lecturer may correct the signed register, and whether curators mark too."
    ),
    "commission_terms": _l("How many sit in a commission of final works, and how many must come."),
    "appeal_terms": _l(
        "Within how many days a teacher appeals, how many people decide, by when, and when the copy is handed over."
    ),
    "grade_words": _l("What points of 100 are called on statements, protocols and pages."),
    "legal_texts": _l("The legal ground printed on each kind of document."),
    "document_series": _l("The letters before the number of each kind of document."),
    "cycle_hours": _l(
        "How many hours of training a teacher is to have in three years; 144 where nothing else was set."
    ),
    "classifier": _l("Which specialities are related: those whose codes name the same field."),
    "channels": _l("Which ways messages go out."),
    "timetable_weights": _l("What counts more and what less when a timetable is made by the machine."),
    "retention": _l(
        "How long links, slips, sessions, uploaded rosters, messages, orders and registers are kept."
    ),
}

WEEKDAYS = {
    1: _l("Monday"),
    2: _l("Tuesday"),
    3: _l("Wednesday"),
    4: _l("Thursday"),
    5: _l("Friday"),
    6: _l("Saturday"),
    7: _l("Sunday"),
}

DOCUMENT_TYPES = {
    "advanced_training_certificate": _l("Certificate of advanced training"),
    "retraining_diploma": _l("Diploma of retraining"),
    "participation": _l("Certificate of participation"),
}

RETENTION = {
    "link_hours": _l("Mailed links open, in hours"),
    "slip_days": _l("Printed slips open, in days"),
    "session_days": _l("A browser stays signed in, in days"),
    "roster_days": _l("Uploaded rosters are kept, in days"),
    "message_days": _l("Messages are kept, in days"),
    "job_days": _l("Long work that ended stays in the list, in days"),
    "register_years": _l("Registers of classes keep the names in them, in years"),
    "archive_years": _l("Orders, results and decisions are kept, in years"),
}

CHANNELS = {"email": _l("E-mail"), "sms": _l("SMS"), "telegram": _l("Telegram")}

CHANGES = {
    "college": _l("college"),
    "post": _l("post"),
    "email": _l("e-mail"),
    "phone": _l("telephone"),
    "speciality": _l("speciality"),
    "category": _l("category"),
}


REFUSALS = {
    "holds-stronger-role": _l(
        "%(names)s: this person holds a role that you may not give. Ask an administrator to do it."
    ),
    "slip-for-stronger-role": _l(
        "No slips for those who hold a role that you may not give: %(names)s. They ask for a link by e-mail."
        " Choose the others."
    ),
    "own-second-step": _l("Stop your own second step on the page of your account."),
    "telegram-silent": _l("Telegram does not answer just now. Try again in a few minutes."),
    "telegram-not-started": _l(
        "The bot has not heard from you yet. Open it by the link on this page, press Start, then come back."
    ),
    "no-second-step": _l("This account has no second step, so there is nothing to take away."),
    "why-missing": _l("Say why: it is kept with the change."),
    # signing in
    "wrong-login": _l(
        "No account has this e-mail or telephone with this password. Check both and try again."
    ),
    "too-many-tries": _l("Too many tries from here. The next one is possible after %(until)s."),
    "too-many-from-here": _l(
        "Many wrong passwords came from where you are. The next try is possible after %(until)s; a browser you signed"
        " in with before need not wait, nor does whoever asks for a link."
    ),
    "busy": _l("Many people are signing in right now. Try again in a moment."),
    "wrong-number": _l("This number doesn't fit. Type the one the app shows now."),
    "wrong-password": _l("This is not your present password."),
    "password-short": _l("Use at least %(least)s characters."),
    "password-long": _l("Use at most %(most)s characters."),
    "password-common": _l("Many people use this password, so it is the first to be guessed. Choose another."),
    "password-own": _l("A password that is your own name or login is easily guessed. Choose another."),
    "code-unknown": _l("This code or link opens nothing. Check what you typed, or ask for a new one."),
    "code-used": _l("This code or link was used already. Sign in, or ask for a new one."),
    "code-expired": _l("This code or link has expired. Ask for a new one."),
    "login-malformed": _l("Give an e-mail address or a telephone number to sign in with."),
    "login-missing": _l("Give an e-mail address or a telephone number."),
    "login-taken": _l("Somebody else signs in with this. Choose another."),
    "last-login": _l("Without it you could not sign in any more. Give an e-mail address first."),
    "day-ahead": _l("This day has not come yet."),
    "no-such-language": _l("Choose one of the four languages."),
    # roles
    "role-ended": _l("This role no longer holds."),
    "ends-before-it-begins": _l("The last day is before the first."),
    "no-such-role-there": _l("This organisation gives no courses, so it has no such role."),
    "delegated-to-oneself": _l("This is you. Choose somebody else."),
    "delegated-twice": _l("A role lent to you can't be lent on."),
    "not-delegable": _l("Being a teacher can't be lent."),
    "day-in-the-past": _l("This day is past."),
    "delegated-too-long": _l("A role is lent for at most %(days)s days."),
    "longer-than-own-role": _l("You hold the role yourself only until %(until)s."),
    "nobody-by-login": _l("Nobody signs in with this."),
    # organisations
    "code-taken": _l("Another organisation has the code %(number)s."),
    "code-malformed": _l("A code has up to 24 Latin letters, digits and hyphens."),
    "region-unknown": _l("“%(region)s” is no region by ISO 3166-2."),
    "timezone-unknown": _l("There is no such time zone."),
    "kind-unknown": _l("“%(kind)s” is no kind of organisation."),
    "entry-malformed": _l("This entry is no organisation."),
    # people
    "name-missing": _l("The family name or the given name is missing."),
    "name-too-long": _l("A name has at most %(most)s characters."),
    "name-malformed": _l("A name is written with letters; here is something else."),
    "pinfl": _l("This is no PINFL."),
    "pinfl-not-digits": _l("A PINFL has fourteen digits and nothing else."),
    "pinfl-rounded": _l(
        "The spreadsheet has rounded the PINFL. Format the column as text and type it again."
    ),
    "pinfl-length": _l("A PINFL has fourteen digits; here are more or fewer."),
    "pinfl-check-digit": _l("The check digit of the PINFL is wrong: one digit is mistyped."),
    "pinfl-date": _l("The PINFL holds a date that doesn't exist."),
    "pinfl-of-another": _l(
        "This PINFL is that of a teacher with another name. If the name has changed, change it there."
    ),
    "pinfl-of-earlier-row": _l("Row %(earlier)s has the same PINFL with another name."),
    "no-identity": _l("Neither a PINFL nor the number of a foreign document is given."),
    "already-known": _l("A teacher with this number is known already. Find them in the list."),
    "birth-date-unreadable": _l("The date of birth can't be read. Write it as 31.12.1980."),
    "birth-date-contradicts-pinfl": _l("The date of birth is not the one in the PINFL."),
    "birth-date-impossible": _l("Nobody who works was born on this day."),
    "since-unreadable": _l("The day since when they work there can't be read. Write it as 31.12.2020."),
    "email-malformed": _l("This is no e-mail address."),
    "phone-malformed": _l("This is no telephone number. Write it as +998 90 123 45 67."),
    "moves-before-beginning": _l(
        "They began at the present college on %(since)s; the change comes after it."
    ),
    "merged-with-itself": _l("This is one and the same entry."),
    "merged-already": _l("One of the two was merged or erased already."),
    "asked-already": _l("You have asked already. The answer will come as a message."),
    "answered-already": _l("This request has been answered."),
    "answer-missing": _l("Say why, in a sentence the person will read."),
    "closed-oneself": _l("You can't close your own account."),
    # rosters
    "formula": _l("There is a formula in this row. Formulas are not data: paste the values."),
    "college-missing": _l("No college is given in this row."),
    "college-unknown": _l("No college is called “%(college)s”."),
    "college-closed": _l("The college “%(college)s” is closed."),
    "other-college": _l("“%(college)s” is another college; you import for your own."),
    "header-missing": _l("No row with the names of the columns was found. Put one above the list."),
    "columns-missing": _l(
        "Say which columns hold the name and the PINFL, or the number of a foreign document."
    ),
    "upload-gone": _l("This upload is gone. Choose the file once more."),
    "nobody-chosen": _l("Choose at least one teacher."),
    # files that are no tables
    "file-truncated": _l(
        "The file is cut off: it was not saved or sent to its end. Save it again and send it again."
    ),
    "file-encrypted": _l("The file is locked with a password. Save it without one."),
    "file-misnamed": _l("The file is not what its name says. Save it as .xlsx or .csv."),
    "file-misnamed-json": _l("This is no list in JSON."),
    "file-zip-bomb": _l("Unpacked, this file would be far too big to be a list."),
    "file-not-a-table": _l("This is no table. Send an .xlsx or a .csv file."),
    "file-old-excel": _l("This is a file of an old Excel (.xls). Save it as .xlsx."),
    "file-encoding": _l("The letters of this file can't be read. Save it as “CSV UTF-8” or as .xlsx."),
    "file-too-many-rows": _l("The file has more than %(limit)s rows. Send it in parts."),
    "file-too-many-columns": _l("Row %(row)s has more than %(limit)s columns."),
    "file-cell-too-long": _l("A cell in row %(row)s is too long."),
    # settings
    "bells-missing": _l("Give at least one pair."),
    "time-malformed": _l("Pair %(pair)s: write times as 08:30."),
    "bells-out-of-order": _l("Pair %(pair)s ends before it begins, or begins before the one before it ends."),
    "pair-too-short": _l("Pair %(pair)s is shorter than an academic hour, which has %(minutes)s minutes."),
    "hour-impossible": _l("An academic hour has 20 to 90 minutes."),
    "working-days-missing": _l("Choose at least one day."),
    "day-malformed": _l("“%(day)s” is no day."),
    "day-twice": _l("%(day)s stands there twice."),
    "series-malformed": _l("A series is one to five capital letters."),
    "terms-impossible": _l("Give numbers a commission can have: members, percent and days."),
    "grades-from-zero": _l("Say what no points are called: one row begins with 0."),
    "grades-unordered": _l("Each row begins with other points, from 0 to 100."),
    "grade-without-word": _l("From %(start)s points there is no word in Uzbek."),
    "cycle-hours-impossible": _l("Give a number of hours from 1 to 2000."),
    "classifier-line": _l(
        "“%(line)s”: write the code, a space and the name; the code has at least %(least)s digits."
    ),
    "classifier-twice": _l("“%(name)s” stands twice in the list. Each name has one code."),
    "classifier-too-long": _l("The list has at most %(most)s specialities."),
    "period-impossible": _l("A period is a whole number, at least 1."),
    "steps-malformed": _l(
        "Give whole hours, each once and at most %(most)s of them, with commas between: 4, 8, 12."
    ),
    "weight-impossible": _l("A weight is a whole number from 0 to %(most)s."),
}

MESSAGES = {
    "people.activation": Kind(
        subject=_l("Your account in Retrain"),
        body=_l(
            "%(name)s, an account was opened for you. Follow the link to choose a password. "
            "It opens until %(until)s, once."
        ),
        in_app=False,
        essential=True,
    ),
    "people.reset": Kind(
        subject=_l("A new password for Retrain"),
        body=_l(
            "%(name)s, somebody, most likely you, asked for a new password. Follow the link to choose it. "
            "It opens until %(until)s, once. If it was not you, do nothing: your password stays as it is."
        ),
        in_app=False,
        essential=True,
    ),
    "people.email": Kind(
        subject=_l("Confirm your e-mail address"),
        body=_l(
            "%(name)s, follow the link to sign in with this address from now on. It opens until %(until)s, once."
        ),
        in_app=False,
        essential=True,
    ),
    "people.phone": Kind(
        subject=_l("Confirm your telephone"),
        body=_l(
            "%(name)s, follow the link to sign in with this number from now on. It opens until %(until)s, once."
        ),
        in_app=False,
        essential=True,
    ),
    "people.login_asked": Kind(
        subject=_l("Somebody wants to change what you sign in with"),
        body=_l(
            "%(name)s, at %(at)s somebody who knows your password asked to sign in to your account with %(new)s"
            " instead. It holds only once it is confirmed there. If it was not you, change your password now:"
            " then the link sent there opens nothing."
        ),
        essential=True,
    ),
    "people.login_changed": Kind(
        subject=_l("What you sign in with was changed"),
        body=_l(
            "%(name)s, at %(at)s what your account is signed in with was changed to %(new)s. If it was not you,"
            " tell your administrator at once, or the HR office of your college: they can give the account back"
            " to you."
        ),
        essential=True,
    ),
    "people.role_delegated": Kind(
        subject=_l("A role was lent to you"),
        body=_l(
            "%(by)s lent you a role from %(since)s to %(until)s. Switch to it in the bar above any page."
        ),
    ),
    "people.second_step_reset": Kind(
        subject=_l("Your second step at sign-in was taken away"),
        body=_l(
            "An administrator took away the second step of your sign-in; from now on your password is enough."
            " If you did not ask for it, change your password and tell the administrator. You can start the"
            " second step again on the page of your account."
        ),
        essential=True,
    ),
    "people.erasure_answered": Kind(
        subject=_l("Your request to be erased"),
        body=_l("Your request was answered: %(answer)s"),
    ),
}


# What a browser says of itself names half of the others too, so the first that fits is it.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("YaBrowser", "Yandex"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser(agent: str) -> str:
    """A browser and its system as people call them: “Chrome, Android”."""
    named = [next((name for sign, name in each if sign in agent), "") for each in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, named)) or _("unknown browser")
