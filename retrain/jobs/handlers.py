"""What the jobs floor itself does again and again."""

from datetime import timedelta

from flask import Flask

from retrain.jobs import queue, registry, service


def init_app(app: Flask) -> None:
    """Taking part in the assembly: how this app's jobs are queued."""
    queue.init_app(app)


@registry.every(timedelta(seconds=5))
def sweep() -> None:
    """Nothing wanted is forgotten for longer than this takes."""
    service.sweep()
