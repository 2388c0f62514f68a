"""An engine on a clock that stands still, and a checker of answers' shapes."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import stripe
from stripe._object_classes import OBJECT_CLASSES

from stripe_standin.engine.engine import Engine
from stripe_standin.protocol import form
from stripe_standin.protocol.http import Request, Response
from stripe_standin.shell.server import Server, serve
from stripe_standin.world.clock import ManualClock
from stripe_standin.world.ids import Ids

SECRET = "sk_test_standin"
PUBLISHABLE = "pk_test_standin"
RETURN = "https://shop.example/return"


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str]
    response: Response

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    @property
    def error(self) -> dict[str, Any]:
        return self.body["error"]


class Client:
    """Asks the engine as an HTTP library would, without a socket."""

    def __init__(self, engine: Engine, clock: ManualClock) -> None:
        self.engine = engine
        self.clock = clock

    def ask(
        self,
        method: str,
        path: str,
        params: dict[str, Any] | None = None,
        *,
        key: str = SECRET,
        version: str = "",
        again: str = "",
    ) -> Answer:
        """``again`` is an idempotency key."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if version:
            headers["Stripe-Version"] = version
        if again:
            headers["Idempotency-Key"] = again
        text = form.encode(params or {})
        post = method == "POST"
        request = Request(
            method,
            path,
            "" if post else text,
            headers,
            text.encode() if post else b"",
        )
        response = self.engine.handle(request)
        body = None if response.reset else response.json()
        return Answer(response.status, body, response.headers, response)

    def get(
        self, path: str, params: dict[str, Any] | None = None, **how: Any
    ) -> Answer:
        return self.ask("GET", path, params, **how)

    def post(
        self, path: str, params: dict[str, Any] | None = None, **how: Any
    ) -> Answer:
        return self.ask("POST", path, params, **how)

    def delete(self, path: str) -> Answer:
        return self.ask("DELETE", path)

    def intent(self, **params: Any) -> Answer:
        return self.post(
            "/v1/payment_intents", {"amount": 4200, "currency": "gbp"} | params
        )

    def pay(self, method: str = "pm_card_visa", **params: Any) -> Answer:
        """Ada pays at once."""
        given = {"confirm": True, "payment_method": method, "return_url": RETURN}
        return self.intent(**given | params)

    def pay_by(self, kind: str, **details: Any) -> Answer:
        """Ada pays by something that is not a card, in euro."""
        data = {"type": kind} | ({kind: details} if details else {})
        return self.intent(
            currency="eur", confirm=True, return_url=RETURN, payment_method_data=data
        )

    def look(self, intent: Answer) -> Answer:
        return self.get(f"/v1/payment_intents/{intent['id']}")

    def later(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.engine.tick()

    def events(self) -> list[str]:
        """Types of all events so far, oldest first."""
        rows = self.get("/v1/events", {"limit": 100})["data"]
        return [row["type"] for row in reversed(rows)]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def engine(clock: ManualClock) -> Engine:
    return Engine(clock=clock, ids=Ids(7))


@pytest.fixture
def client(engine: Engine, clock: ManualClock) -> Client:
    return Client(engine, clock)


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(port=0, seed=7) as running:
        yield running


@pytest.fixture
def sdk(server: Server) -> stripe.StripeClient:
    """stripe-python, talking to a stand-in on a socket."""
    return stripe.StripeClient(SECRET, base_addresses={"api": server.base_url})


@pytest.fixture
def misfits() -> Callable[[Any], list[str]]:
    """What in an answer does not fit the types of the stripe package."""
    return lambda item: list(check(item))


SCALARS = {"int": int, "str": str, "bool": bool, "float": (int, float)}


def check(item: Any, where: str = "") -> Iterator[str]:
    """Compare ``item`` with the class that the package has for its kind."""
    kind = item["object"]
    if kind in {"list", "search_result"}:
        for at, row in enumerate(item["data"]):
            yield from check(row, f"{where}[{at}]")
        return
    if kind not in OBJECT_CLASSES:
        yield f"{where or kind}: no such object"
        return
    name = OBJECT_CLASSES[kind][1]
    module = inspect.getmodule(getattr_class(kind))
    yield from fits(item, classes(module.__name__)[name], where or kind)


def getattr_class(kind: str) -> type:
    from stripe._object_classes import get_object_class

    return get_object_class("V1", kind)


@cache
def classes(module: str) -> dict[str, ast.ClassDef]:
    import importlib

    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def fits(item: dict[str, Any], node: ast.ClassDef, where: str) -> Iterator[str]:
    inner = {n.name: n for n in node.body if isinstance(n, ast.ClassDef)}
    fields = {
        n.target.id: ast.unparse(n.annotation)
        for n in node.body
        if isinstance(n, ast.AnnAssign) and not n.target.id.startswith("_")
    }
    for name in item.keys() - fields.keys():
        yield f"{where}.{name} is unknown"
    for name, annotation in fields.items():
        if name == "OBJECT_NAME":
            continue
        value = item.get(name)
        if value is None:
            if not annotation.startswith("Optional["):
                yield f"{where}.{name} is missing"
            continue
        yield from suits(value, annotation, inner, f"{where}.{name}")


def suits(
    value: Any, annotation: str, inner: dict[str, ast.ClassDef], where: str
) -> Iterator[str]:
    annotation = re.sub(r"^Optional\[(.*)\]$", r"\1", annotation)
    if annotation.startswith("List[") and isinstance(value, list):
        for at, one in enumerate(value):
            yield from suits(one, annotation[5:-1], inner, f"{where}[{at}]")
    elif annotation in inner:
        yield from fits(value, inner[annotation], where)
    elif isinstance(value, dict) and "object" in value:
        yield from check(value, where)
    elif not plain(value, annotation):
        yield f"{where} is {value!r}, not {annotation[:60]}"


def plain(value: Any, annotation: str) -> bool:
    """Whether a value without fields of its own is of that type."""
    if annotation in SCALARS:
        odd = annotation == "int" and isinstance(value, bool)
        return isinstance(value, SCALARS[annotation]) and not odd
    if annotation.startswith("Literal["):
        return repr(value) in annotation
    if annotation.startswith("UntypedStripeObject"):
        return isinstance(value, dict)
    # An open enum, an unexpanded reference or a decimal.
    return isinstance(value, str) and not annotation.startswith("List")
