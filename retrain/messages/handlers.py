"""What the worker does for messages."""

from datetime import timedelta

from retrain.jobs import every
from retrain.messages import post


@every(timedelta(seconds=1), thread="post")
def carry_the_post() -> None:
    """Everything due goes out."""
    post.deliver()
