"""The layers: imports run downwards only, and each room has its place."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "checkout/htmx_checkout"

# A room imports from lower layers and from itself, never from its neighbours. A room
# is a package, or a module that stands flat because Django or a host looks for it.
LAYERS = (
    {"apps", "urls", "management"},
    {"admin", "checks", "csrf", "health", "reconciliation", "tasks"},
    {"pages", "webhooks", "sources"},
    {"payments"},
    {"disputes", "refunds"},
    {"incidents"},
    {"outbox"},
    {"audit", "gateway", "orders"},
    {"csp", "models", "redaction", "templatetags"},
    {"money"},
    {"conf", "core", "exceptions", "signals"},
)
DEPTH = {room: depth for depth, rooms in enumerate(LAYERS) for room in rooms}


def modules():
    """Each module of the app that says something, by its dotted name below the app."""
    return {
        dotted(path): path
        for path in sorted(APP.rglob("*.py"))
        if not {"migrations", "contrib"} & set(path.parts) and path.read_text()
    }


def dotted(path):
    parts = path.relative_to(APP).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path, package):
    """The full names that ``path`` imports; relative ones start in ``package``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            base = [*base, *([node.module] if node.module else [])]
            yield from (".".join([*base, alias.name]) for alias in node.names)


def own(path):
    """What ``path`` imports of the app, as dotted names below the app."""
    package = ["htmx_checkout", *path.relative_to(APP).parts[:-1]]
    found = imports(path, package)
    return {name.partition(".")[2] for name in found if name.startswith(APP.name + ".")}


def rooms(path):
    return {name.split(".")[0] for name in own(path)}


def module(name):
    """The module that an imported name is, or is defined in."""
    while name and name not in KNOWN:
        name = name.rpartition(".")[0]
    return name


def roots(path):
    return {name.split(".")[0] for name in imports(path, ["."])}


KNOWN = modules()
MODULES = [(name, path) for name, path in KNOWN.items() if name]


def test_each_room_has_its_layer():
    assert {name.split(".")[0] for name, _path in MODULES} == set(DEPTH)


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_a_room_imports_only_from_lower_layers(name, path):
    room = name.split(".")[0]
    above = {other for other in rooms(path) - {room} if DEPTH[other] <= DEPTH[room]}
    assert above == set()


def test_no_modules_import_each_other_in_a_circle():
    graph = {
        name: {module(found) for found in own(path)} - {name, ""}
        for name, path in MODULES
    }
    TopologicalSorter(graph).prepare()


def test_inside_of_the_app_imports_are_relative():
    absolute = {
        name
        for name, path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and not node.level
        if (node.module or "").split(".")[0] in {APP.name, "checkout"}
    }
    assert absolute == set()


def test_nothing_of_the_core_imports_contrib():
    assert {name for name, path in MODULES if "contrib" in rooms(path)} == set()


def test_stripe_is_imported_in_the_gateway_only():
    assert {
        name.split(".")[0] for name, path in MODULES if "stripe" in roots(path)
    } == {"gateway"}


def test_the_app_knows_nothing_of_the_site():
    strangers = {"project", "shop", "stripe_standin", "tests", "bench"}
    for name, path in MODULES:
        assert not strangers & roots(path), name


def test_the_shop_uses_only_what_the_app_promises():
    promised = ("Draft", "Line", "Money", "exceptions.", "money.", "signals.")
    promised += ("models.Order", "refund", "capture", "cancel", "refresh")
    for path in (ROOT / "site/shop").rglob("*.py"):
        used = [
            name.partition(".")[2]
            for name in imports(path, ["shop"])
            if name.startswith("htmx_checkout.")
        ]
        assert all(name.startswith(promised) for name in used), path
