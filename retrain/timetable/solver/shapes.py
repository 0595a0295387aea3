"""What the slots of a day look like: a number with a bit for each slot that is busy."""


def lonely(busy: int) -> int:
    """How many slots of *busy* have none beside them."""
    return (busy & ~(busy << 1) & ~(busy >> 1)).bit_count()


def holes(busy: int) -> int:
    """How many empty slots stand between the first and the last of *busy*."""
    if not busy:
        return 0
    lowest = (busy & -busy).bit_length()
    return busy.bit_length() - lowest + 1 - busy.bit_count()
