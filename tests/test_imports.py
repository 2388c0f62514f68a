"""The stairs: who may import whom. Imports run downwards only."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHECKOUT = ROOT / "checkout"

# A package is one room here: what stands inside of it may lean on each other.
MAY_IMPORT = {
    "exceptions": set(),
    "statuses": set(),
    "transactions": set(),
    "signals": set(),
    "conf": set(),
    "forms": set(),
    "declines": set(),
    "books": set(),
    "breaker": set(),
    "stops": set(),
    "queue": set(),
    "redaction": set(),
    "money": {"exceptions"},
    "notices": {"exceptions"},
    "facts": {"exceptions", "statuses"},
    "csp": {"conf"},
    "intents": {"conf", "exceptions", "statuses"},
    "calls": {"breaker"},
    "models": {"money", "statuses"},
    "drafts": {"exceptions", "money"},
    "templatetags.checkout": {"conf", "money"},
    "gateway": {"calls", "conf", "exceptions", "facts", "intents", "money"},
    "effects": {"models", "queue"},
    "faces": {"declines", "models", "money", "statuses"},
    "history": {"models"},
    "shoppers": {"models"},
    "tallies": {"models"},
    "timeline": {"models", "money", "redaction", "statuses"},
    "__init__": {"drafts"},
    "sources": {"conf", "drafts", "signals"},
    "orders": {"conf", "drafts", "exceptions", "models"},
    "lookups": {"gateway", "intents", "models"},
    "checks": {"conf", "effects", "exceptions", "money", "queue"},
    "alarms": {"effects", "history", "models", "money", "signals"},
    "health": {"breaker", "models", "statuses", "tallies"},
    "management.commands.explain": {"models", "redaction", "timeline"},
    "apps": {"checks", "sources"},
    "delivery": {"alarms", "conf", "effects", "history", "models", "signals", "stops"},
    "disputes": {
        "alarms",
        "effects",
        "facts",
        "history",
        "models",
        "money",
        "statuses",
    },
    "refunds": {
        "alarms",
        "conf",
        "effects",
        "exceptions",
        "facts",
        "gateway",
        "history",
        "models",
        "money",
        "queue",
        "statuses",
        "stops",
        "transactions",
    },
    "arrivals": {
        "alarms",
        "conf",
        "effects",
        "intents",
        "models",
        "money",
        "refunds",
        "statuses",
    },
    "tasks": {"delivery", "exceptions", "history", "refunds"},
    "settlement": {
        "arrivals",
        "disputes",
        "effects",
        "exceptions",
        "facts",
        "gateway",
        "history",
        "intents",
        "models",
        "refunds",
        "statuses",
        "stops",
        "transactions",
    },
    "strays": {
        "alarms",
        "arrivals",
        "history",
        "intents",
        "models",
        "money",
        "statuses",
    },
    "cancellation": {
        "exceptions",
        "gateway",
        "history",
        "intents",
        "lookups",
        "models",
        "settlement",
        "statuses",
        "stops",
        "transactions",
    },
    "questions": {"gateway", "intents", "lookups", "models", "settlement", "statuses"},
    "inbox": {
        "alarms",
        "conf",
        "exceptions",
        "gateway",
        "history",
        "models",
        "notices",
        "redaction",
        "settlement",
        "statuses",
        "stops",
        "strays",
        "transactions",
    },
    "captures": {
        "cancellation",
        "exceptions",
        "gateway",
        "intents",
        "models",
        "money",
        "settlement",
        "statuses",
        "stops",
    },
    "payments": {
        "cancellation",
        "conf",
        "drafts",
        "exceptions",
        "gateway",
        "intents",
        "lookups",
        "models",
        "money",
        "orders",
        "settlement",
        "statuses",
        "stops",
        "transactions",
    },
    "reconciler": {
        "alarms",
        "books",
        "cancellation",
        "conf",
        "delivery",
        "exceptions",
        "gateway",
        "history",
        "inbox",
        "intents",
        "lookups",
        "models",
        "notices",
        "refunds",
        "settlement",
        "statuses",
        "stops",
        "strays",
        "transactions",
    },
    "admin": {
        "alarms",
        "cancellation",
        "captures",
        "delivery",
        "exceptions",
        "history",
        "inbox",
        "models",
        "money",
        "questions",
        "refunds",
        "statuses",
        "timeline",
        "transactions",
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
    "management.commands.reconcile": {"reconciler"},
    "aftermath": {
        "answers",
        "conf",
        "exceptions",
        "faces",
        "gateway",
        "history",
        "intents",
        "models",
        "settlement",
        "shoppers",
        "signals",
    },
    "csrf": {"answers", "forms"},
    "door": {"answers", "conf", "exceptions", "inbox", "tallies"},
    "views": {
        "answers",
        "conf",
        "csp",
        "drafts",
        "exceptions",
        "forms",
        "history",
        "models",
        "orders",
        "payments",
        "shoppers",
    },
    "urls": {"aftermath", "door", "health", "views"},
}


def modules():
    """Each module of the app that says something, with the room that it is in."""
    return [
        (room(path.relative_to(ROOT).with_suffix("").parts[1:]), path)
        for path in sorted(CHECKOUT.rglob("*.py"))
        if not {"migrations", "stripe_standin"} & {*path.parts} and path.read_text()
    ]


def room(parts):
    """``models.orders`` is in the room ``models``; a command is one of its own."""
    if parts[0] in ("templatetags", "management"):
        return ".".join(parts)
    return parts[0]


def names():
    return [str(path.relative_to(CHECKOUT)) for _room, path in modules()]


def imports(path, package):
    """The full names of what ``path`` imports; relative ones are in ``package``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level < 2, f"{path}: two dots"
            base = [package] * bool(node.level) + [node.module] * bool(node.module)
            yield from (".".join([*base, alias.name]) for alias in node.names)


def roots(path, package):
    return {name.split(".")[0] for name in imports(path, package)}


def own(path):
    """The rooms of checkout that ``path`` imports from."""
    package = ".".join(path.relative_to(ROOT).parts[:-1])
    mine = [name for name in imports(path, package) if name.startswith("checkout.")]
    found = {room(name.split(".")[1:]) for name in mine}
    return {"drafts" if name in ("Draft", "Line") else name for name in found}


def test_the_stairs_have_no_circle():
    TopologicalSorter(MAY_IMPORT).prepare()


def test_each_module_is_on_the_stairs():
    assert {name for name, _path in modules()} == set(MAY_IMPORT)


@pytest.mark.parametrize(("name", "path"), modules(), ids=names())
def test_a_module_imports_only_from_lower_stairs(name, path):
    assert own(path) - {name} <= MAY_IMPORT[name]


def test_stripe_has_one_door():
    doors = {name for name, path in modules() if "stripe" in roots(path, "checkout")}
    assert doors == {"gateway"}


def test_the_app_knows_nothing_of_the_site():
    strangers = {"project", "shop", "stripe_standin", "gallery"}
    for name, path in modules():
        assert not strangers & roots(path, "checkout"), name


def test_the_shop_uses_only_what_the_app_promises():
    promised = ("checkout.Draft", "checkout.Line", "htmx_checkout.exceptions.")
    promised += (
        "htmx_checkout.money.",
        "htmx_checkout.signals.",
        "htmx_checkout.models.Order",
    )
    for path in (ROOT / "site/shop").rglob("*.py"):
        used = [name for name in imports(path, "shop") if name.startswith("checkout.")]
        assert all(name.startswith(promised) for name in used), path
