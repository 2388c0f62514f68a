"""The host: who hears what the app says. Some hear at times with an error.

Rows are written in the transaction that the app opens around each receiver, so that
they must be there exactly once; mails leave at once, and cannot be called back.
"""

from typing import Any

from htmx_checkout import signals
from tests.simulation import rows


class HostTrouble(Exception):
    """The host's own mistake, or its mail server."""


# The scene that is played now.
scene: Any = None


def _may_raise(moment: str) -> None:
    if scene.strikes("host: receiver raises", scene.profile.host_trouble):
        scene.note(f"[a receiver raises {moment}]")
        raise HostTrouble


def pack(*, order: Any, **kwargs: Any) -> None:
    _may_raise("before")
    rows.hear("pack", "order_paid", order.reference)
    _may_raise("after")


def mail(*, order: Any, **kwargs: Any) -> None:
    _may_raise("before")
    scene.mails.append(order.reference)
    rows.hear("mail", "order_paid", order.reference)


def authorised(*, payment: Any, **kwargs: Any) -> None:
    _may_raise("before")
    rows.hear("stock", "order_authorised", payment.stripe_id)


def refunded(*, refund: Any, **kwargs: Any) -> None:
    rows.hear("credit", "order_refunded", refund.stripe_id)
    _may_raise("after")


def failed(*, payment: Any, **kwargs: Any) -> None:
    _may_raise("before")


def disputed(*, dispute: Any, **kwargs: Any) -> None:
    rows.hear("lawyer", "dispute_opened", dispute.stripe_id)


def hear_of_incident(*, incident: Any, **kwargs: Any) -> None:
    rows.hear("pager", "incident_opened", f"{incident.kind}:{incident.subject}")
    _may_raise("after")


RECEIVERS = (
    (signals.order_paid, pack),
    (signals.order_paid, mail),
    (signals.order_authorised, authorised),
    (signals.order_refunded, refunded),
    (signals.payment_failed, failed),
    (signals.dispute_opened, disputed),
    (signals.incident_opened, hear_of_incident),
)


def connect() -> None:
    for signal, receiver in RECEIVERS:
        signal.connect(receiver)
