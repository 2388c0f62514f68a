"""What the host's people do: here, and in Stripe's dashboard."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from htmx_checkout import audit, incidents
from htmx_checkout.exceptions import CheckoutError
from htmx_checkout.models import Incident, Order, OutboxMessage, Payment, WebhookEvent
from htmx_checkout.models.statuses import PaymentStatus
from htmx_checkout.outbox import deliver
from htmx_checkout.payments import cancel as cancelling
from htmx_checkout.payments import refund as refunding
from htmx_checkout.payments.capture import capture as capture_payment
from htmx_checkout.webhooks import process
from stripe_standin.desk import actions
from tests.simulation.scene import Idle, Scene


def _by_staff(work: Callable[[], Any]) -> str:
    try:
        with audit.by("staff", "Edgar"):
            found = work()
    except CheckoutError as error:
        return f"{type(error).__name__}: {error}"
    return str(getattr(found, "status", found))


def _payment(scene: Scene, **facts: Any) -> Payment:
    payments = Payment.objects.select_related("order").filter(**facts)
    payment: Payment = scene.one_of(payments.order_by("pk"))
    return payment


def refund(scene: Scene) -> str:
    """Pay back all that is left, or a part of it."""
    payment = _payment(scene, amount_received__gt=0)
    amount = None if scene.dice.random() < 0.5 else scene.dice.choice((100, 1400, 4200))
    wanted = f"{amount or 'all'} of {payment}"
    work = lambda: refunding.refund(payment, amount, wanted_by="Edgar")  # noqa: E731
    return f"{wanted}: {_by_staff(work)}"


def cancel(scene: Scene) -> str:
    """Give an order up, whatever the shopper does in this moment."""
    order = scene.one_of(Order.objects.order_by("pk"))
    return f"{order.pk}: {_by_staff(lambda: cancelling.cancel(order))}"


def capture(scene: Scene) -> str:
    """Take held money: all of it, mostly."""
    payment = _payment(scene, status=PaymentStatus.AUTHORISED)
    amount = 1000 if scene.dice.random() < 0.15 else None
    return f"{amount or 'all'}: {_by_staff(lambda: capture_payment(payment, amount))}"


def release(scene: Scene) -> str:
    """Let held money go."""
    payment = _payment(scene, status=PaymentStatus.AUTHORISED)
    return _by_staff(lambda: cancelling.cancel(payment.order, "requested_by_customer"))


def close(scene: Scene) -> str:
    """Close an incident, with a reason."""
    found = scene.one_of(Incident.objects.filter(closed_at=None).order_by("pk"))

    def work() -> str:
        with transaction.atomic():
            return f"closed {incidents.close(found, 'Looked at.', 'Edgar')}"

    return f"{found.kind}: {_by_staff(work)}"


def unpark(scene: Scene) -> str:
    """Let what was parked be tried again."""
    parked = [*OutboxMessage.objects.filter(parked_at__isnull=False).order_by("pk")]
    parked += [*WebhookEvent.objects.filter(parked_at__isnull=False).order_by("pk")]
    found = scene.one_of(parked)
    room = deliver if isinstance(found, OutboxMessage) else process
    return f"{found.pk}: {_by_staff(lambda: room.unpark(found))}"


# --- In Stripe's dashboard ------------------------------------------------------


def _act(scene: Scene, name: str, **given: Any) -> str:
    try:
        actions.act(scene.engine, name, given)
    except (ValueError, LookupError) as error:
        return f"no: {error}"
    return "done"


def refund_there(scene: Scene) -> str:
    """Pay back in the dashboard, past the app."""
    charges = [c for c in scene.objects("charge") if c["captured"]]
    charge = scene.one_of(charges)
    amount = scene.dice.choice((None, 100, 1400))
    return f"{amount or 'all'}: {_act(scene, 'refund', id=charge['id'], amount=amount)}"


def fail_refund(scene: Scene) -> str:
    """A refund comes back from the bank."""
    refund_ = scene.one_of(scene.objects("refund"))
    return _act(scene, "fail_refund", id=refund_["id"])


def edit_there(scene: Scene) -> str:
    """Change an intent's amount in the dashboard, which nobody should."""
    open_ = ("requires_payment_method", "requires_action")
    intents = [i for i in scene.objects("payment_intent") if i["status"] in open_]
    intent = scene.one_of(intents)
    scene.edited.add(intent["id"])
    path = f"/v1/payment_intents/{intent['id']}"
    return str(scene.stripe("POST", path, amount=scene.dice.choice((4100, 990))).status)


def cancel_there(scene: Scene) -> str:
    """Cancel an intent in the dashboard."""
    intent = scene.one_of(scene.objects("payment_intent"))
    path = f"/v1/payment_intents/{intent['id']}/cancel"
    return str(scene.stripe("POST", path).status)


def pay_there(scene: Scene) -> str:
    """Money that names an order of ours, by an intent that is none of ours."""
    order = scene.one_of(Order.objects.order_by("pk"))
    said = scene.stripe(
        "POST",
        "/v1/payment_intents",
        amount=order.amount,
        currency=order.currency,
        confirm="true",
        payment_method="pm_card_visa",
        return_url="http://testserver/",
        **{
            "automatic_payment_methods[enabled]": "true",
            "metadata[order]": order.reference,
            "metadata[attempt]": "99",
            "metadata[installation]": "fern-and-quill",
        },
    )
    if said.status != 200:
        raise Idle
    scene.edited.add(said.json()["id"])
    return f"{said.json()['status']} for {order.pk}"


def dispute(scene: Scene) -> str:
    """The shopper's bank wants a charge back."""
    charges = [
        c for c in scene.objects("charge") if c["captured"] and not c["disputed"]
    ]
    charge = scene.one_of(charges)
    inquiry = scene.dice.random() < 0.3
    return _act(scene, "dispute", id=charge["id"], inquiry=inquiry)


def decide(scene: Scene) -> str:
    """The bank decides a dispute."""
    found = scene.one_of(scene.objects("dispute"))
    status = scene.dice.choice(("won", "lost"))
    if found["status"].startswith("warning"):
        status = "warning_closed"
    return f"{status}: {_act(scene, 'decide_dispute', id=found['id'], status=status)}"
