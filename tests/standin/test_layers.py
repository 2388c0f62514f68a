"""The stand-in's folders have an order, and imports run downwards only."""

import ast

import pytest

from tests.standin.imports import MODULES, PACKAGE, folder, imports

# Lowest first. Two on one line know nothing of each other.
LAYERS = (
    ("world",),
    ("protocol",),
    ("webhooks",),
    ("payment_methods",),
    ("charges",),
    ("intents",),
    ("checkout_sessions", "elements"),
    ("engine", "pages"),
    ("desk",),
    ("shell",),
    ("__main__",),
)
FLOOR = {name: floor for floor, names in enumerate(LAYERS) for name in names}
# Scripts, styles and HTML: no Python lives there.
ASSETS = {"browser"}


def place(name):
    return name.partition("/")[0].removesuffix(".py")


def test_every_folder_has_its_place():
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    assert folders - ASSETS - {"__pycache__", "dist"} == {*FLOOR} - {"__main__"}
    assert not any(name.startswith("browser/") for name in MODULES)


@pytest.mark.parametrize("name", [name for name in MODULES if name != "__init__.py"])
def test_a_module_imports_only_from_lower_folders(name):
    here = place(name)
    found = {folder(imported) for imported in imports(MODULES[name])} - {"", here}
    assert all(FLOOR[other] < FLOOR[here] for other in found - {"__version__"})


def test_the_package_itself_imports_nothing():
    assert not list(imports(PACKAGE / "__init__.py"))


@pytest.mark.parametrize("name", MODULES)
def test_the_package_is_never_imported_by_a_longer_name(name):
    tree = ast.parse(MODULES[name].read_text())
    absolute = {
        node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and not node.level
    }
    assert not any("stripe_standin" in found for found in absolute)
