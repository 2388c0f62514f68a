"""One randomness for all that takes part, so that a seed says all."""

import os
import random


def seed(text: str) -> None:
    """Draw tokens, references, jitter and UUIDs of this process from ``text``.

    At the edge: ``secrets`` and ``uuid`` get their bits from the operating system
    by these two names.
    """
    bits = random.Random(text)
    os.urandom = bits.randbytes
    random._urandom = bits.randbytes
    random.seed(text)


def dice(*parts: object) -> random.Random:
    """Dice of their own for a part of a history: to leave one out changes no other."""
    return random.Random("/".join(map(str, parts)))
