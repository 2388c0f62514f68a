"""One module moves orders, one asks Stripe about a payment and keeps the answer.

These rules are read from the code, since nothing else would notice a second way.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import htmx_checkout
from htmx_checkout.models.statuses import (
    ORDER_FOLLOWS,
    ORDER_MOVES,
    PAYMENT_MOVES,
    OrderStatus,
    PaymentStatus,
)

APP = Path(htmx_checkout.__file__).parent
SETTLE, SYNC = "payments/settle.py", "payments/sync.py"
# What the gateway does about one payment. Lists and events of the account, and the
# signature of an event, are nobody's payment.
ABOUT_A_PAYMENT = {
    "cancel",
    "capture",
    "create",
    "dispute",
    "find",
    "refund",
    "refunds",
    "retrieve",
    "update",
}
ABOUT_THE_ACCOUNT = {
    "API_VERSION",
    "disputes_since",
    "event",
    "events",
    "refunds_since",
    "since",
    "verify",
}


def nodes(root: Path = APP) -> Iterator[tuple[str, ast.AST]]:
    """Each node of the app's code, with the path of its module."""
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if not name.startswith("migrations/"):
            for node in ast.walk(ast.parse(path.read_text())):
                yield name, node


def modules_where(is_so: Callable[[ast.AST], bool]) -> set[str]:
    return {name for name, node in nodes() if is_so(node)}


def called(node: ast.AST) -> str:
    """``a.b`` of a call ``a.b(…)``, or an empty text."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def is_order(text: str) -> bool:
    """True for an expression whose last name is an order."""
    return text.rpartition(".")[2].strip("_").endswith("order")


def moves_an_order(node: ast.AST) -> bool:
    owner, _dot, name = called(node).rpartition(".")
    if name == "move":
        given = " ".join(ast.unparse(arg) for arg in node.args)
        return is_order(owner) or "OrderStatus." in given
    if name in ("update", "create", "get_or_create", "update_or_create", "bulk_update"):
        sets = [keyword.arg for keyword in node.keywords]
        return "Order." in owner and "status" in sets
    targets = []
    if isinstance(node, ast.Assign):
        targets = [part for target in node.targets for part in ast.walk(target)]
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        targets = [node.target]
    return any(
        isinstance(target, ast.Attribute)
        and target.attr == "status"
        and is_order(ast.unparse(target.value))
        for target in targets
    )


def asks_about_a_payment(node: ast.AST) -> bool:
    owner, _dot, name = called(node).rpartition(".")
    return owner == "gateway" and name in ABOUT_A_PAYMENT


def keeps(node: ast.AST) -> bool:
    """Calls what brings rows up to an answer, or takes it from its module."""
    taken = {
        "settle": {"keep", "_keep", "_apply_intent", "Snapshots"},
        "allocate": {"allocate", "allocate_stray"},
        "apply": {"refunds"},
        "disputes": {"apply"},
    }
    owner, _dot, name = called(node).rpartition(".")
    if owner in taken:
        return name in taken[owner]
    if isinstance(node, ast.ImportFrom):
        names = taken.get((node.module or "").rpartition(".")[2], set())
        return any(alias.name in names for alias in node.names)
    return False


def test_one_module_moves_orders():
    assert modules_where(moves_an_order) == {SETTLE}


def test_one_module_asks_stripe_about_a_payment():
    assert modules_where(asks_about_a_payment) == {SYNC}


def test_that_module_alone_keeps_what_was_answered():
    assert modules_where(keeps) == {SYNC, SETTLE}


def test_the_gateway_is_used_by_its_name_so_that_these_rules_see_it():
    """``from ..gateway import retrieve`` would be a call without an owner."""

    def hides_it(node: ast.AST) -> bool:
        if not isinstance(node, ast.ImportFrom):
            return False
        if node.module and node.module.split(".")[0] == "gateway":
            return any(alias.name in ABOUT_A_PAYMENT for alias in node.names)
        return any(alias.name == "gateway" and alias.asname for alias in node.names)

    assert not modules_where(hides_it)


def test_each_call_of_the_gateway_is_about_a_payment_or_about_the_account():
    from htmx_checkout import gateway

    assert set(gateway.__all__) == ABOUT_A_PAYMENT | ABOUT_THE_ACCOUNT


def test_each_state_of_a_payment_says_where_its_order_goes():
    assert set(ORDER_FOLLOWS) == set(PAYMENT_MOVES) == set(PaymentStatus)
    assert set(ORDER_MOVES) == set(OrderStatus)
    assert set(ORDER_FOLLOWS.values()) == {*OrderStatus, None}
