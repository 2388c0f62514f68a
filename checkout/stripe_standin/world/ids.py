"""Ids for new objects, drawn from one seed."""

import random
import string

LETTERS = string.ascii_letters + string.digits


class Ids:
    """A seeded source of ids and secrets.

    The same seed gives the same names in the same order. Without a seed the
    operating system's randomness is used, which nobody can guess.
    """

    def __init__(self, seed: int | str | None = None) -> None:
        self.reseed(seed)

    def reseed(self, seed: int | str | None) -> None:
        self.seed = seed
        self.random = random.Random(seed) if seed is not None else random.SystemRandom()

    def token(self, length: int = 24) -> str:
        return "".join(self.random.choice(LETTERS) for _ in range(length))

    def make(self, prefix: str, length: int = 24) -> str:
        return prefix + self.token(length)
