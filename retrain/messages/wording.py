"""Messages and their channels in words."""

from flask_babel import lazy_gettext as _l

from retrain.messages.kinds import Kind
from retrain.messages.states import Channel, DeliveryState

CHANNELS = {
    Channel.EMAIL: _l("E-mail"),
    Channel.SMS: _l("Text message"),
    Channel.TELEGRAM: _l("Telegram"),
}

DELIVERY_STATES = {
    DeliveryState.WAITING: _l("On its way"),
    DeliveryState.SENT: _l("Sent"),
    DeliveryState.FAILED: _l("Could not be delivered"),
    DeliveryState.KEPT: _l("Kept here"),
}

TONES = {
    DeliveryState.WAITING: "waiting",
    DeliveryState.SENT: "done",
    DeliveryState.FAILED: "problem",
    DeliveryState.KEPT: "idle",
}
"""How a state looks."""

MESSAGES = {
    # Written by a person: the subject and the text are theirs.
    "message.written": Kind(subject="%(subject)s", body="%(text)s\n\n%(sender)s"),
}
