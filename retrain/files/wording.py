"""Files in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from retrain.files import sniff

KINDS = {
    sniff.PDF: "PDF",
    sniff.PNG: "PNG",
    sniff.JPEG: "JPEG",
    sniff.XLSX: "Excel (XLSX)",
    sniff.CSV: "CSV",
    sniff.ZIP: "ZIP",
}


def _other_kind(allowed: list[str]) -> str:
    kinds = ", ".join(KINDS.get(kind, kind) for kind in allowed)
    return str(
        _(
            "This file is of another kind inside, whatever its name says. Give one of these: %(kinds)s.",
            kinds=kinds,
        )
    )


REFUSALS = {
    "file-not-chosen": _l("Choose a file."),
    "file-empty": _l("This file is empty. Check that it was saved, and choose it again."),
    "file-too-big": _l("This file is bigger than %(megabytes)s MB. Make it smaller, or send it in parts."),
    "file-of-other-kind": _other_kind,
    "scan-damaged": _l(
        "This file is damaged or ends too early. Scan the sheet again, or send the file anew."
    ),
    "scan-too-many-pixels": _l(
        "This picture has too many pixels. Scan the sheet again with 300 dots an inch."
    ),
    "scan-locked": _l("This PDF is locked with a password. Save it without one and choose it again."),
    "scan-active": _l(
        "This PDF holds commands, forms or other files, which a scan never does. Print it to a plain PDF and "
        "choose that."
    ),
}
