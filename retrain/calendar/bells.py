"""When a provider's pairs begin and end, on its own clocks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from retrain.calendar.hours import ACADEMIC_HOUR, PAIR_HOURS


class WrongBells(ValueError):
    """These pairs cannot be rung; `code` and `pair` (its number) say what is wrong."""

    def __init__(self, code: str, pair: int) -> None:
        super().__init__(code, pair)
        self.code = code
        self.pair = pair


class NoSuchPair(LookupError):
    """The bells ring no pair of this number."""


@dataclass(frozen=True, slots=True)
class Pair:
    number: int
    start: time
    end: time
    hours: int = PAIR_HOURS

    @property
    def minutes(self) -> int:
        """Minutes on the clock from bell to bell."""
        return minute_of(self.end) - minute_of(self.start)

    def interval(self, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
        """Start and end in UTC on *day* by the clocks of *zone*."""
        return at(day, self.start, zone), at(day, self.end, zone)


@dataclass(frozen=True, slots=True)
class Bells:
    """Pairs in order of time, numbered as the provider numbers them; raises WrongBells for what cannot be."""

    pairs: tuple[Pair, ...]

    def __post_init__(self) -> None:
        last: Pair | None = None
        for pair in self.pairs:
            if pair.end <= pair.start:
                raise WrongBells("pair-ends-before-it-starts", pair.number)
            if pair.hours < 1:
                raise WrongBells("pair-without-hours", pair.number)
            if last and pair.number <= last.number:
                raise WrongBells("pairs-out-of-order", pair.number)
            if last and pair.start < last.end:
                raise WrongBells("pairs-overlap", pair.number)
            last = pair

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def pair(self, number: int) -> Pair:
        for pair in self.pairs:
            if pair.number == number:
                return pair
        raise NoSuchPair(number)

    def interval(
        self, number: int, day: date, zone: tzinfo, last: int | None = None
    ) -> tuple[datetime, datetime]:
        """Start of pair *number* and end of the same, or of pair *last*, in UTC."""
        return at(day, self.pair(number).start, zone), at(day, self.pair(last or number).end, zone)

    def pair_at(self, moment: datetime, zone: tzinfo) -> Pair | None:
        """The pair that is on at an aware *moment*; none in a break."""
        clock = moment.astimezone(zone).time()
        return next((pair for pair in self.pairs if pair.start <= clock < pair.end), None)

    def stored(self) -> list[dict[str, str | int]]:
        """As a provider's settings keep them."""
        return [
            {"pair": pair.number, "starts": f"{pair.start:%H:%M}", "ends": f"{pair.end:%H:%M}"}
            for pair in self.pairs
        ]

    @classmethod
    def of(cls, stored: Iterable[Mapping[str, Any]], academic_hour: int = ACADEMIC_HOUR) -> "Bells":
        """Bells as a provider's settings keep them: a pair holds the academic hours that fit into it."""
        pairs: list[Pair] = []
        for bell in stored:
            start, end = time.fromisoformat(bell["starts"]), time.fromisoformat(bell["ends"])
            hours = (minute_of(end) - minute_of(start)) // academic_hour
            pairs.append(Pair(int(bell["pair"]), start, end, hours))
        return cls(tuple(pairs))


def at(day: date, clock: time, zone: tzinfo) -> datetime:
    """The UTC moment when the clocks of *zone* show *clock* on *day*."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def regular(first: time, pairs: int, *, length: timedelta, breaks: timedelta, number: int = 1) -> Bells:
    """Bells that ring evenly from *first*: a start for a provider that has set none."""
    found: list[Pair] = []
    start = datetime.combine(date.min, first)
    for at_pair in range(pairs):
        end = start + length
        found.append(Pair(number + at_pair, start.time(), end.time()))
        start = end + breaks
    return Bells(tuple(found))


def minute_of(clock: time) -> int:
    """Minutes since midnight."""
    return clock.hour * 60 + clock.minute
