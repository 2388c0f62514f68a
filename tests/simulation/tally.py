"""How often something has really happened."""

from collections import Counter

# A run in which one of these never happened has proven nothing about it.
FAULTS = (
    "stripe: request lost",
    "stripe: done, answer lost",
    "stripe: cannot be reached",
    "stripe: 500, nothing done",
    "stripe: 500 although done",
    "stripe: 429",
    "stripe: 429 lock_timeout",
    "stripe: slow",
    "stripe: answer cut short",
    "stripe: a proxy's page",
    "stripe: the same answer again",
    "stripe: the same key in flight",
    "browser: answer lost",
    "browser: result of paying lost",
    "webhook: dropped",
    "webhook: twice",
    "webhook: late",
    "webhook: out of order",
    "webhook: forged",
    "webhook: delivered again after a failure",
    "database: refuses",
    "database: commit of unknown outcome",
    "host: receiver raises",
    "process: dies",
    "worker: dies",
    "reconciler: dies",
    "process: overtaken",
    "clock: a day passes",
    "clock: the app's is wrong",
    "clock: set anew",
)


class Tally(Counter[str]):
    """Counts under "kind: what"; a plain sum over processes."""

    def missing(self, also: tuple[str, ...] = ()) -> list[str]:
        """The faults that never struck."""
        return [name for name in (*FAULTS, *also) if not self[name]]

    def of(self, kind: str) -> dict[str, int]:
        """The counts of one kind, by what."""
        begin = f"{kind}: "
        found = {
            k.removeprefix(begin): n for k, n in self.items() if k.startswith(begin)
        }
        return dict(sorted(found.items()))
