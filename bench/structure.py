"""The rooms of the app and of the stand-in: how many, how high, how long.

A room is what stands directly below the package, a folder or a module. An arrow goes
from a room to one that it imports; a room's floor is one above the highest below it.
"""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from bench.figure import Figure
from stripe_standin.shell.server import Server

ROOT = Path(__file__).resolve().parent.parent
CHECKOUT = ROOT / "checkout"
Graph = dict[str, set[str]]


def measure(standin: Server) -> Iterator[Figure]:
    """Counts, with no promise; and the two lengths that a test holds."""
    for name in ("htmx_checkout", "stripe_standin"):
        files = _modules(CHECKOUT / name)
        graph = _graph(CHECKOUT / name, files)
        yield Figure(f"{name}: rooms", len(graph), "rooms")
        yield Figure(f"{name}: floors", _floors(graph), "floors")
        yield Figure(f"{name}: arrows", sum(map(len, graph.values())), "arrows")
        yield Figure(f"{name}: lines", sum(map(_lines, files)), "lines")
        longest = max(map(_lines, files))
        yield Figure(f"{name}: longest module", longest, "lines", 300)
        longest = max(size for file in files for size in _functions(file))
        yield Figure(f"{name}: longest function", longest, "lines", 25)
    admin = _modules(CHECKOUT / "htmx_checkout/admin")
    yield Figure("  of these the admin", sum(map(_lines, admin)), "lines")
    tests = sorted((ROOT / "tests").rglob("*.py"))
    yield Figure("tests: lines", sum(map(_lines, tests)), "lines")


def _modules(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def _lines(path: Path) -> int:
    return path.read_text().count("\n")


def _functions(path: Path) -> Iterator[int]:
    """The lines of each function's body, without its docstring."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body:
                yield (body[-1].end_lineno or 0) - body[0].lineno + 1
    yield 0


def _graph(package: Path, files: list[Path]) -> Graph:
    graph: Graph = {}
    for path in files:
        if path != package / "__init__.py":
            room = _room(path.relative_to(package).parts)
            graph.setdefault(room, set()).update(_imported(package, path))
    return {room: found & graph.keys() - {room} for room, found in graph.items()}


def _room(parts: tuple[str, ...]) -> str:
    return parts[0].removesuffix(".py")


def _imported(package: Path, path: Path) -> Iterator[str]:
    """The rooms that ``path`` imports from; inside a package imports are relative."""
    here = path.relative_to(package).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = here[: len(here) + 1 - node.level]
            base += tuple((node.module or "").split(".")) if node.module else ()
            for alias in node.names:
                yield _room((*base, alias.name))


def _floors(graph: Graph) -> int:
    floor: dict[str, int] = {}
    for room in TopologicalSorter(graph).static_order():
        floor[room] = 1 + max((floor[below] for below in graph[room]), default=0)
    return max(floor.values())
