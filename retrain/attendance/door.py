"""The blueprint of all pages of registers."""

from flask import Blueprint

bp = Blueprint("attendance", __name__)
