"""The blueprint that the pages of the timetable hang on."""

from flask import Blueprint

bp = Blueprint("timetable", __name__)
