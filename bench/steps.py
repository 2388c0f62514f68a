"""What is measured in our shop: settle, the webhook, the status page."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection

from bench.side import CONTROL, Step, measured, request

# Below this PostgreSQL does well to read a table from end to end.
BIG_ROWS = 10_000


def settle(stripe_id: str) -> Step:
    """The step of settling an order that was read before."""
    from htmx_checkout.payments import sync

    return partial(sync.refresh_intent, _payment(stripe_id))


def status(stripe_id: str) -> Step:
    """The step of looking at an order's status page, as its own shopper."""
    from django.contrib.sessions.backends.db import SessionStore

    from htmx_checkout.orders.shopper import SHOPPER

    payment = _payment(stripe_id)
    order = payment.order
    # Nobody types a card number in the second for which an answer is new.
    payment.asked_at -= timedelta(minutes=1)
    payment.save(update_fields=["asked_at"])
    session = SessionStore()
    session[SHOPPER] = order.shopper
    session.save()
    return request(
        REQUEST_METHOD="GET",
        PATH_INFO=f"/checkout/status/{order.token}/",
        HTTP_COOKIE=f"sessionid={session.session_key}",
    )


def _payment(stripe_id: str) -> Any:
    from htmx_checkout.models import Payment

    return Payment.objects.select_related("order").get(stripe_id=stripe_id)


class Plans:
    """Keeps the statements that pass by; Django calls it around each of them."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Any]] = []

    def __call__(self, execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        if not sql.startswith(CONTROL):
            self.said.append((sql, params))
        return execute(sql, params, *rest)


def scans(prepare: Callable[[str], Step], items: list[str]) -> list[str]:
    """Do one step for each item; answers statements that read a big table whole."""
    plans = Plans()
    for step in map(prepare, items):
        with connection.execute_wrapper(plans):
            step()
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s",
            [BIG_ROWS],
        )
        big = [f"Seq Scan on {name} " for (name,) in cursor.fetchall()]
        for sql, params in plans.said:
            cursor.execute(f"EXPLAIN {sql}", params)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            if any(scan in f"{plan} " for scan in big):
                found.append(f"{sql}\n{plan}")
    return found


def commands(**steps: Callable[[str], Step]) -> dict[str, Callable[[Any], Any]]:
    """``<name>`` measures a step for each item, ``<name>_scans`` explains it."""
    made: dict[str, Callable[[Any], Any]] = {}
    for name, prepare in steps.items():
        made[name] = partial(measured, prepare)
        made[f"{name}_scans"] = partial(scans, prepare)
    return made
