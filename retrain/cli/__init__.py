"""``retrain``: one command line, its parts loaded only when they are called."""

from retrain.cli.group import main

__all__ = ["main"]
