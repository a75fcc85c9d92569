"""Cards of which the test's double reads no print, but orders: how long, and what goes wrong."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from random import Random

MARK = b'{"chaos": '
"""What such a card begins with; everything else is read in earnest."""


class Behaviour(StrEnum):
    """What reading a card does."""

    OK = "ok"
    """It is read."""
    REFUSE = "refuse"
    """It is damaged: dead at once."""
    CRASH_ONCE = "crash once"
    """The child dies at the first try."""
    CRASH = "crash"
    """The child dies at every try: dead after the retries."""
    POISON = "poison"
    """The whole worker dies at every try: dead after so many deaths."""
    HANG = "hang"
    """It never ends: dead when its time is over."""


@dataclass(frozen=True, slots=True)
class Card:
    """One such card."""

    name: str
    behaviour: Behaviour = Behaviour.OK
    seconds: float = 0.05
    """How long it takes."""

    def to_bytes(self) -> bytes:
        return MARK + json.dumps(asdict(self)).encode() + b"}"

    @classmethod
    def from_bytes(cls, content: bytes) -> "Card":
        fields = json.loads(content)["chaos"]
        return cls(fields["name"], Behaviour(fields["behaviour"]), fields["seconds"])


_MIX = {
    Behaviour.OK: 0.91,
    Behaviour.REFUSE: 0.05,
    Behaviour.CRASH_ONCE: 0.03,
    Behaviour.CRASH: 0.007,
    Behaviour.HANG: 0.003,
}

_SLOW = 0.025
"""Share of the good cards that take longer than a lease."""


def random_card(name: str, random: Random, *, lease: float) -> Card:
    """A card as they come; poison is put in on purpose only."""
    behaviour = random.choices(list(_MIX), list(_MIX.values()))[0]
    if random.random() < _SLOW:
        return Card(name, behaviour, random.uniform(1.2, 2.5) * lease)
    return Card(name, behaviour, random.uniform(0.02, 0.4))
