"""The blueprint of certificates: its pages are in several rooms."""

from flask import Blueprint

bp = Blueprint("certificates", __name__)
