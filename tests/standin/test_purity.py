"""The engine is pure: no sockets, no threads, no wall clock, nothing borrowed."""

import ast
import sys
from pathlib import Path

import pytest

ROOM = Path(__file__).parents[2] / "site" / "standin"
# The thin layer around the engine, which may.
SHELL = {"server.py", "__main__.py"}
IMPURE = {"socket", "threading", "time", "asyncio", "subprocess", "secrets", "os"}
MODULES = sorted(path.name for path in ROOM.glob("*.py"))


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


@pytest.mark.parametrize("name", MODULES)
def test_a_module_uses_only_the_standard_library(name):
    roots = {found.partition(".")[0] for found in imports(ROOM / name)}
    assert roots <= set(sys.stdlib_module_names) | {"standin"}


@pytest.mark.parametrize("name", [name for name in MODULES if name not in SHELL])
def test_the_engine_touches_no_clock_thread_or_socket(name):
    assert not set(imports(ROOM / name)) & IMPURE


def test_nothing_below_the_engine_imports_the_server():
    for name in MODULES:
        if name not in SHELL:
            assert "standin.server" not in set(imports(ROOM / name))
