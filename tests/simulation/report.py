"""What is printed: a bar, failures that can be played again, and how often what struck."""

from typing import Any

from tqdm import tqdm

from tests.simulation.tally import Tally

KINDS = (
    "reached",
    "died",
    "overtaken",
    "step",
    "shown",
    "paying",
    "money",
    "right after",
)


def tell(told: Any, skip: frozenset[int], plant: str = "") -> None:
    """Print one history, a line for each step, and how to play it again."""
    print(f"\nSeed {told.seed}, history {told.number}:\n")
    print("\n".join(told.trace))
    skipped = ",".join(map(str, sorted(skip)))
    again = f"--replay {told.seed}:{told.number}" + f" --skip {skipped}" * bool(skipped)
    again += f" --plant {plant}" * bool(plant)
    print(f"\n{told.wrong or 'Nothing is wrong.'}")
    print(f"Again: python -m tests.simulation {again}")


class Report:
    """Collects from all processes, and judges the run."""

    def __init__(self, given: Any) -> None:
        self.seed, self.plant = given.seed, given.plant
        self.total, self.played = Tally(), 0
        self.wrong: list[Any] = []
        self.bar = tqdm(total=given.histories, unit=" histories", mininterval=1)

    def add(self, count: int, tally: Tally, wrong: list[Any]) -> None:
        """Take the outcome of some histories."""
        self.played += count
        self.total.update(tally)
        self.wrong += wrong
        self.bar.update(count)

    def end(self, *, is_enough: bool) -> int:
        """Print everything; the code to exit with."""
        self.bar.close()
        for told, skip in sorted(self.wrong, key=lambda item: item[0].number)[:5]:
            tell(told, skip, self.plant)
        self._print("Faults that struck", self._faults())
        for kind in KINDS:
            self._print(kind.capitalize(), self.total.of(kind))
        missing = self.total.missing() if is_enough else []
        for name in missing:
            print(f"Never struck: {name}. Whatever it would have shown is not shown.")
        print(
            f"\n{self.played} histories of seed {self.seed}, {len(self.wrong)} wrong."
        )
        return int(bool(self.wrong or missing))

    def _faults(self) -> dict[str, int]:
        kinds = ("stripe", "browser", "webhook", "database", "host", "process")
        kinds += ("worker", "reconciler", "clock", "open question")
        return {
            f"{kind}: {name}": n
            for kind in kinds
            for name, n in self.total.of(kind).items()
        }

    def _print(self, title: str, counts: dict[str, int]) -> None:
        print(f"\n{title}")
        for name, count in counts.items():
            print(f"{count:>10,}  {name}")
