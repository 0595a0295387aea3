"""The blueprint that the pages of completion hang on."""

from flask import Blueprint

bp = Blueprint("completion", __name__)
