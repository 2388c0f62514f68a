"""The stairs: who may import whom. Imports run downwards only."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHECKOUT = ROOT / "checkout"

MAY_IMPORT = {
    "exceptions": set(),
    "signals": set(),
    "statuses": set(),
    "declines": set(),
    "redaction": set(),
    "transactions": set(),
    "breaker": set(),
    "calls": {"breaker"},
    "money": {"exceptions"},
    "drafts": {"exceptions", "money"},
    "__init__": {"drafts"},
    "conf": set(),
    "intents": {"exceptions", "statuses"},
    "models": {"money", "statuses"},
    "sources": {"conf", "drafts", "signals"},
    "csp": {"conf"},
    "forms": set(),
    "checks": {"conf", "exceptions", "money"},
    "templatetags.checkout": {"conf", "money"},
    "shoppers": {"models"},
    "effects": {"models", "signals"},
    "faces": {"declines", "models", "statuses"},
    "orders": {"conf", "drafts", "exceptions", "models"},
    "gateway": {"conf", "exceptions", "intents", "money"},
    "settlement": {
        "effects",
        "exceptions",
        "gateway",
        "intents",
        "models",
        "statuses",
        "transactions",
    },
    "payments": {
        "conf",
        "drafts",
        "exceptions",
        "gateway",
        "intents",
        "models",
        "money",
        "orders",
        "settlement",
        "statuses",
        "transactions",
    },
    "inbox": {
        "conf",
        "exceptions",
        "gateway",
        "intents",
        "models",
        "settlement",
        "statuses",
    },
    "answers": {
        "conf",
        "declines",
        "drafts",
        "exceptions",
        "faces",
        "forms",
        "models",
        "money",
        "payments",
    },
    "csrf": {"answers", "forms"},
    "views": {
        "answers",
        "conf",
        "csp",
        "drafts",
        "exceptions",
        "forms",
        "models",
        "orders",
        "payments",
        "shoppers",
    },
    "aftermath": {
        "answers",
        "conf",
        "exceptions",
        "faces",
        "gateway",
        "intents",
        "models",
        "settlement",
        "shoppers",
        "signals",
    },
    "door": {"conf", "exceptions", "inbox"},
    "urls": {"aftermath", "door", "views"},
    "admin": {"models"},
    "apps": {"checks", "sources"},
}


def modules():
    return [
        (name, path)
        for path in sorted(CHECKOUT.rglob("*.py"))
        if "migrations" not in path.parts
        and (name := ".".join(path.relative_to(CHECKOUT).with_suffix("").parts))
        != "templatetags.__init__"
    ]


def imports(path, package):
    """The full names of what ``path`` imports; relative ones are in ``package``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [package] * bool(node.level) + [node.module] * bool(node.module)
            yield from (".".join([*base, alias.name]) for alias in node.names)


def roots(path, package):
    return {name.split(".")[0] for name in imports(path, package)}


def own(path):
    """The modules of checkout that ``path`` imports."""
    mine = [name for name in imports(path, "checkout") if name.startswith("checkout.")]
    names = {name.split(".")[1] for name in mine}
    return {"drafts" if name in ("Draft", "Line") else name for name in names}


def test_the_stairs_have_no_circle():
    TopologicalSorter(MAY_IMPORT).prepare()


def test_each_module_is_on_the_stairs():
    assert {name for name, _path in modules()} == set(MAY_IMPORT)


@pytest.mark.parametrize(("name", "path"), modules(), ids=dict(modules()))
def test_a_module_imports_only_from_lower_stairs(name, path):
    assert own(path) <= MAY_IMPORT[name]


def test_stripe_has_one_door():
    doors = {name for name, path in modules() if "stripe" in roots(path, "checkout")}
    assert doors == {"gateway"}


def test_the_app_knows_nothing_of_the_site():
    strangers = {"project", "shop", "standin", "gallery"}
    for name, path in modules():
        assert not strangers & roots(path, "checkout"), name


def test_the_stand_in_needs_only_the_standard_library():
    allowed = set(sys.stdlib_module_names) | {"standin"}
    for path in (ROOT / "site/standin").rglob("*.py"):
        assert roots(path, "standin") <= allowed, path


def test_the_shop_uses_only_what_the_app_promises():
    promised = ("checkout.Draft", "checkout.Line", "checkout.exceptions.")
    promised += ("checkout.money.", "checkout.signals.", "checkout.models.Order")
    for path in (ROOT / "site/shop").rglob("*.py"):
        used = [name for name in imports(path, "shop") if name.startswith("checkout.")]
        assert all(name.startswith(promised) for name in used), path
