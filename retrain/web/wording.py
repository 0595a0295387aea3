"""What is refused wherever it is typed, in words."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "text-not-held": _l("At most %(most)s characters fit here, and this text has more: “%(begins)s…”."),
    "text-unreadable": _l("There is a sign in this text that can't be kept. Type the text anew."),
}
