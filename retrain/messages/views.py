"""One's own messages, the channels one wants, and the administrator's outbox."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.messages import post, queries, recipients, rules, service, wording
from retrain.messages.states import Channel, DeliveryState
from retrain.web.requests import asked_page, chosen

bp = Blueprint("messages", __name__)


@bp.get("/messages")
def inbox() -> Any:
    """What one was told."""
    pagination, lines = queries.inbox(g.actor, asked_page())
    unread = queries.unread(g.actor.person_id)
    return render_template("messages/inbox.html", lines=lines, pagination=pagination, unread_here=unread)


@bp.post("/messages/read")
def read() -> Any:
    """Those named are read, or all."""
    ids = chosen("message", request.form)
    count = service.mark_read(g.actor, ids or None)
    flash(ngettext("%(num)s message marked as read.", "%(num)s messages marked as read.", count), "done")
    return redirect(url_for("messages.inbox"), 303)


@bp.route("/messages/channels", methods=["GET", "POST"])
def channels() -> Any:
    """Over which channels one wants to be told."""
    if request.method == "POST":
        service.prefer(
            g.actor, [channel for channel in Channel if channel.value in request.form.getlist("channel")]
        )
        flash(_("Saved. Messages always stand here as well."), "done")
        return redirect(url_for("messages.channels"), 303)
    me = recipients.recipient(g.actor.person_id)
    addresses = {channel: found for channel in Channel if me and (found := me.address(channel))}
    wishes = {channel: wish for channel, wish in queries.wishes(g.actor).items() if wish is not None}
    return render_template(
        "messages/channels.html", addresses=addresses, chosen=rules.channels(addresses, wishes),
        working={channel for channel in Channel if post.is_working(channel)}, words=wording.CHANNELS,
        all_channels=list(Channel),
    )  # fmt: skip


@bp.get("/admin/outbox")
def outbox() -> Any:
    """What goes out to everybody; with no mail server, the place where messages are read."""
    chosen = request.args.get("state", "")
    state = DeliveryState(chosen) if chosen in set(DeliveryState) else None
    pagination, lines = queries.outbox(state, asked_page())
    return render_template(
        "messages/outbox.html", lines=lines, pagination=pagination, wording=wording, counts=queries.states(),
        has_mail=post.is_working(Channel.EMAIL),
    )  # fmt: skip


# Below people in the house, so the doors are marked by the bare word (see retrain.people.access).
inbox.action = read.action = channels.action = "account"  # type: ignore[attr-defined]
outbox.action = "outbox.see"  # type: ignore[attr-defined]
