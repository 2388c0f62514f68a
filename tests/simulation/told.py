"""What became of a history. Imports nothing that needs a process set up for playing."""

from dataclasses import dataclass, field

from tests.simulation.tally import Tally


@dataclass(slots=True)
class Told:
    """What became of one history; ``wrong`` is empty if nothing was."""

    seed: str
    number: int
    wrong: str = ""
    step: int = 0
    steps: int = 0
    trace: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    @property
    def kind(self) -> str:
        """The violation without its names and numbers, to know it again."""
        return " ".join(w for w in self.wrong.split() if w.isalpha())
