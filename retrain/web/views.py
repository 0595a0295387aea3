"""The first page: what waits for me, by role; for a visitor, what Retrain is and the next open runs."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask_login import current_user

from retrain.web import work

bp = Blueprint("web", __name__)


@bp.get("/")
def home() -> Any:
    """Everybody's landing page."""
    if current_user.is_authenticated:
        if landing := next(iter(work.gather("landing", g.actor)), None):
            return redirect(url_for(landing))
        waiting = work.gather("waiting", g.actor)
        return render_template(
            "web/waiting.html",
            waiting=waiting,
            panels=work.gather("home_panels", g.actor),
            advice=next(iter([] if waiting else work.gather("advice", g.actor)), None),
        )
    return render_template("web/welcome.html", panels=work.gather("welcome_panels", g.actor))


@bp.get("/favicon.ico")
def favicon() -> Any:
    """Browsers ask for it whatever the page says."""
    return redirect(url_for("static", filename="mark.svg"), 301)


# The web floor lies under people, whose decorator would mark these; the mark itself is only a word.
home.action = favicon.action = "public"  # type: ignore[attr-defined]
