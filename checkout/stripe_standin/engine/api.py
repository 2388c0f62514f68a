"""From a request under ``/v1`` to its answer.

The order is Stripe's: rate limits first, then the key, then the idempotency
store, then the parameters, then the work.
"""

from ..protocol import errors, idempotency, keys, params, rendering
from ..protocol.call import Call
from ..protocol.errors import ApiError
from ..protocol.faults import ConnectionReset
from ..protocol.http import Request, Response
from ..protocol.idempotency import Answer
from . import exchange as exchanges
from . import routes
from .api_world import ApiWorld
from .exchange import CORS, ENVELOPE, Exchange
from .route import Route


def answer(world: ApiWorld, request: Request) -> Response:
    """Answer one API call. Never raises for what a client sent."""
    if request.method == "OPTIONS":
        asked = request.header("access-control-request-headers", "authorization")
        return Response(204, CORS | {"Access-Control-Allow-Headers": asked})
    exchange = exchanges.begin(world, request)
    try:
        response = attempt(world, exchange)
    except ApiError as error:
        response = exchanges.refused(world, exchange, error)
    except ConnectionReset:
        response = Response(reset=True)
    finally:
        world.current = None
    return exchanges.finish(exchange, response)


def attempt(world: ApiWorld, exchange: Exchange) -> Response:
    request, call = exchange.request, exchange.call
    exchange.given = exchanges.read(request)
    call.key = keys.find(request, exchange.given)
    exchange.entry.key = call.key.kind
    strike(world, exchange)
    call.version = exchanges.version(world, exchange)
    exchange.entry.params = exchanges.hidden(exchange)
    exchange.entry.version = call.version.name if call.version.given else ""
    found = routes.find(request.method, request.path.rstrip("/"))
    if found is None:
        raise unrecognized(request)
    route, call.path = found
    authorize(call, route)
    return once(world, exchange, route)


def strike(world: ApiWorld, exchange: Exchange) -> None:
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


def once(world: ApiWorld, exchange: Exchange, route: Route) -> Response:
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


def work(world: ApiWorld, exchange: Exchange, route: Route) -> Response:
    """Run the handler. ``_saved`` marks an answer the store has to keep."""
    call, fault = exchange.call, exchange.fault
    try:
        if fault and fault.kind == "server_error":
            raise errors.server_error(fault.status)
        check(exchange, route)
        world.current = call
        result = route.handler(world, call)
        body = exchanges.shown(world, call, result)
        exchange.entry.object_id = str(result.get("id", ""))
        if fault and fault.kind == "server_error_after":
            raise errors.server_error(fault.status)
    except ApiError as error:
        response = exchanges.refused(world, exchange, error)
        response.headers["_saved"] = "yes" if error.saved else ""
        return response
    return Response.of_json(body, headers=exchanges.headers(call) | {"_saved": "yes"})


def check(exchange: Exchange, route: Route) -> None:
    """Type the parameters; ``expand`` belongs to every endpoint."""
    call, given = exchange.call, exchange.given
    given = {name: v for name, v in given.items() if name not in ENVELOPE}
    if "expand" in given:
        names = params.items(given.pop("expand"), "expand")
        if not all(isinstance(name, str) and name for name in names):
            raise errors.invalid("Invalid array", "expand")
        rendering.check_paths(names)
        call.expand = names
    fields = route.fields(publishable=call.key.publishable)
    call.params = params.check(fields, given, call.version)
