"""One call from its request to its response: what is read, noted and sent back."""

from dataclasses import dataclass, field
from typing import Any

from ..protocol import call_log, errors, form, rendering, versions
from ..protocol.call import Call
from ..protocol.call_log import Entry
from ..protocol.errors import ApiError
from ..protocol.faults import Fault
from ..protocol.http import Request, Response
from .api_world import ApiWorld

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, PUT, PATCH, POST, DELETE",
    "Access-Control-Expose-Headers": "Request-Id, Stripe-Manage-Version, "
    "Stripe-Should-Retry, X-Stripe-External-Auth-Required",
    "Access-Control-Max-Age": "300",
    "Vary": "Origin",
}
# What Stripe.js and the older libraries send along on every call.
ENVELOPE = frozenset(
    "key _stripe_version _stripe_account _stripe_context payment_user_agent referrer "
    "time_on_page guid muid sid pasted_fields client_attribution_metadata "
    "stripe_js_id".split()
)


@dataclass(slots=True)
class Exchange:
    """What is known about one call while it is answered."""

    request: Request
    call: Call
    entry: Entry
    given: dict[str, Any] = field(default_factory=dict)
    fault: Fault | None = None
    delay_seconds: float = 0.0


def begin(world: ApiWorld, request: Request) -> Exchange:
    id = world.ids.make("req_", 14)
    key = request.header("idempotency-key") if request.method == "POST" else ""
    call = Call(id, idempotency_key=key, method=request.method, url=request.path)
    call.version = versions.Version(world.api_version)
    entry = Entry(
        request.method, request.path, id, world.clock.now(), idempotency_key=key
    )
    return Exchange(request, call, world.calls.add(entry))


def read(request: Request) -> dict[str, Any]:
    """Parameters of the query string and the form body together."""
    kind = request.header("content-type").partition(";")[0].strip().lower()
    if kind == "application/json" and request.body:
        raise errors.invalid(
            "Invalid request (check that your POST content type is "
            "application/x-www-form-urlencoded). If you have any questions, we can "
            "help at https://support.stripe.com/."
        )
    try:
        return form.parse(request.query) | form.parse(request.body.decode())
    except ValueError:
        raise errors.invalid("Invalid request: the parameters are malformed.") from None


def version(world: ApiWorld, exchange: Exchange) -> versions.Version:
    given = exchange.given.get("_stripe_version")
    header = exchange.request.header("stripe-version")
    name = header or (given if isinstance(given, str) else "")
    return versions.read(name, world.api_version)


def hidden(exchange: Exchange) -> dict[str, Any]:
    given = {name: v for name, v in exchange.given.items() if name not in ENVELOPE}
    shown: dict[str, Any] = call_log.hidden(given)
    return shown


def shown(world: ApiWorld, call: Call, result: dict[str, Any]) -> dict[str, Any]:
    return rendering.render(
        world, result, call.version, call.expand, publishable=call.key.publishable
    )


def refused(world: ApiWorld, exchange: Exchange, error: ApiError) -> Response:
    call = exchange.call
    if error.about and error.about not in call.path.values():
        error.status = 400
    body = error.body()
    members = body["error"]
    for name in ("payment_intent", "setup_intent", "payment_method"):
        if name in members:
            members[name] = shown(world, plain(call), members[name])
    members["request_log_url"] = (
        f"https://dashboard.stripe.com/test/logs/{call.request_id}"
    )
    exchange.entry.error_code = str(members.get("code", ""))
    named = headers(call) | error.headers
    return Response.of_json(body, error.status, named)


def plain(call: Call) -> Call:
    """The same call without ``expand``: errors are never expanded."""
    return Call(call.request_id, call.version, call.key)


def headers(call: Call) -> dict[str, str]:
    named = {
        "Request-Id": call.request_id,
        "Stripe-Version": call.version.name,
        "Cache-Control": "no-cache, no-store",
    }
    if call.idempotency_key:
        named["Idempotency-Key"] = call.idempotency_key
    return named


def finish(exchange: Exchange, response: Response) -> Response:
    response.headers.pop("_saved", None)
    exchange.entry.status = 0 if response.reset else response.status
    response.headers |= CORS
    response.delay_seconds = exchange.delay_seconds
    if exchange.fault and exchange.fault.kind == "reset_after":
        exchange.entry.status = response.status
        response.reset = True
    return response
