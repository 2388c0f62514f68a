"""The engine is pure: no sockets, no threads, no wall clock, nothing borrowed."""

import sys

import pytest

from tests.standin.imports import MODULES, imports

# The thin layer around the engine, which may.
SHELL = {name for name in MODULES if name.startswith(("shell/", "__main__"))}
IMPURE = {"socket", "threading", "time", "asyncio", "subprocess", "secrets", "os"}


def roots(name):
    return {found.partition(".")[0] for found in imports(MODULES[name])}


def test_every_folder_is_looked_into():
    assert {"shell/server.py", "world/clock.py", "__main__.py"} <= {*MODULES}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_uses_only_the_standard_library(name):
    assert roots(name) <= set(sys.stdlib_module_names) | {"stripe_standin"}


@pytest.mark.parametrize("name", [name for name in MODULES if name not in SHELL])
def test_the_engine_touches_no_clock_thread_or_socket(name):
    assert not roots(name) & IMPURE
