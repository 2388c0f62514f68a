"""From a request under ``/v1`` to its answer.

The order is Stripe's: rate limits first, then the key, then the idempotency
store, then the parameters, then the work.
"""

from dataclasses import dataclass, field
from typing import Any

from standin import (
    errors,
    form,
    idempotency,
    keys,
    log,
    params,
    routes,
    shapes,
    versions,
)
from standin.call import Call
from standin.errors import ApiError
from standin.faults import ConnectionReset, Fault
from standin.http import Request, Response
from standin.idempotency import Answer
from standin.log import Entry
from standin.route import Route
from standin.world import World

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


def answer(world: World, request: Request) -> Response:
    """Answer one API call. Never raises for what a client sent."""
    if request.method == "OPTIONS":
        asked = request.header("access-control-request-headers", "authorization")
        return Response(204, CORS | {"Access-Control-Allow-Headers": asked})
    exchange = begin(world, request)
    try:
        response = attempt(world, exchange)
    except ApiError as error:
        response = refused(world, exchange, error)
    except ConnectionReset:
        response = Response(reset=True)
    finally:
        world.current = None
    return finish(exchange, response)


def begin(world: World, request: Request) -> Exchange:
    id = world.ids.make("req_", 14)
    key = request.header("idempotency-key") if request.method == "POST" else ""
    call = Call(id, idempotency_key=key, method=request.method, url=request.path)
    call.version = versions.Version(world.api_version)
    entry = Entry(
        request.method, request.path, id, world.clock.now(), idempotency_key=key
    )
    return Exchange(request, call, world.calls.add(entry))


def attempt(world: World, exchange: Exchange) -> Response:
    request, call = exchange.request, exchange.call
    exchange.given = read(request)
    call.key = keys.find(request, exchange.given)
    exchange.entry.key = call.key.kind
    strike(world, exchange)
    call.version = version(world, exchange)
    exchange.entry.params = hidden(exchange)
    exchange.entry.version = call.version.name if call.version.given else ""
    found = routes.find(request.method, request.path.rstrip("/"))
    if found is None:
        raise unrecognized(request)
    route, call.path = found
    authorize(call, route)
    return once(world, exchange, route)


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


def strike(world: World, exchange: Exchange) -> None:
    """Let a waiting fault strike, and note how late the answer will be."""
    request = exchange.request
    kind = exchange.call.key.kind
    exchange.delay_seconds = world.faults.latency_seconds
    fault = exchange.fault = world.faults.take(request.method, request.path, kind)
    if fault is None:
        return
    exchange.entry.fault = fault.kind
    exchange.delay_seconds += fault.delay_seconds
    fault.before()


def version(world: World, exchange: Exchange) -> versions.Version:
    given = exchange.given.get("_stripe_version")
    header = exchange.request.header("stripe-version")
    name = header or (given if isinstance(given, str) else "")
    return versions.read(name, world.api_version)


def hidden(exchange: Exchange) -> dict[str, Any]:
    given = {name: v for name, v in exchange.given.items() if name not in ENVELOPE}
    shown: dict[str, Any] = log.hidden(given)
    return shown


def unrecognized(request: Request) -> ApiError:
    message = (
        f"Unrecognized request URL ({request.method}: {request.path}). Please see "
        "https://stripe.com/docs or we can help at https://support.stripe.com/."
    )
    return ApiError(404, message)


def authorize(call: Call, route: Route) -> None:
    if call.key.publishable and route.browser is None:
        raise keys.secret_required()
    if not call.key.may(route.method):
        raise keys.forbidden(call.key, f"{route.method} /v1{route.pattern}")


def once(world: World, exchange: Exchange, route: Route) -> Response:
    """Do the work, or repeat the answer that is kept for its key."""
    call, now = exchange.call, world.clock.now()
    key = call.idempotency_key
    if not key:
        return work(world, exchange, route)
    idempotency.check_key(key)
    mark = idempotency.fingerprint(call.method, call.url, exchange.given)
    kept = world.answers.find(key, mark, now)
    if kept is not None:
        exchange.entry.replayed = True
        exchange.entry.status = kept.status
        response = idempotency.replay(kept)
        response.headers["Request-Id"] = call.request_id
        return response
    response = work(world, exchange, route)
    if response.headers.pop("_saved", ""):
        busy_until = now + exchange.delay_seconds
        kept = Answer(mark, call.request_id, now, busy_until, response.status)
        kept.headers, kept.body = dict(response.headers), response.body
        world.answers.keep(key, kept)
    return response


def work(world: World, exchange: Exchange, route: Route) -> Response:
    """Run the handler. ``_saved`` marks an answer the store has to keep."""
    call, fault = exchange.call, exchange.fault
    try:
        if fault and fault.kind == "server_error":
            raise errors.server_error(fault.status)
        check(exchange, route)
        world.current = call
        result = route.handler(world, call)
        body = shown(world, call, result)
        exchange.entry.object_id = str(result.get("id", ""))
        if fault and fault.kind == "server_error_after":
            raise errors.server_error(fault.status)
    except ApiError as error:
        response = refused(world, exchange, error)
        response.headers["_saved"] = "yes" if error.saved else ""
        return response
    return Response.of_json(body, headers=headers(call) | {"_saved": "yes"})


def check(exchange: Exchange, route: Route) -> None:
    """Type the parameters; ``expand`` belongs to every endpoint."""
    call, given = exchange.call, exchange.given
    given = {name: v for name, v in given.items() if name not in ENVELOPE}
    if "expand" in given:
        names = params.items(given.pop("expand"), "expand")
        if not all(isinstance(name, str) and name for name in names):
            raise errors.invalid("Invalid array", "expand")
        shapes.check_paths(names)
        call.expand = names
    fields = route.fields(publishable=call.key.publishable)
    call.params = params.check(fields, given, call.version)


def shown(world: World, call: Call, result: dict[str, Any]) -> dict[str, Any]:
    return shapes.render(
        world, result, call.version, call.expand, publishable=call.key.publishable
    )


def refused(world: World, exchange: Exchange, error: ApiError) -> Response:
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
