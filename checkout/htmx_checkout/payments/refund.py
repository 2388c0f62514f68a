"""Refunds: each is planned, sent to Stripe, and kept, as a payment is.

The plan is in ``refunds.plan``; what follows from Stripe's answer is in
``refunds.apply``. What was refunded in Stripe's dashboard comes by
``sync.refresh_refunds``.
"""

from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _

from .. import gateway
from ..core.failpoints import Failpoint, reach
from ..exceptions import (
    CheckoutError,
    DraftRefused,
    RefundRefused,
    StripeRefused,
    StripeStuck,
)
from ..gateway.objects import StripeRefund
from ..models import Payment, Refund, new_reference
from ..models.statuses import RefundStatus
from ..refunds import plan
from . import sync


def refund(
    payment: Payment,
    amount: int | None = None,
    *,
    reason: str = "",
    wanted_by: str = "code",
    number: str = "",
) -> Refund:
    """Pay back ``amount`` minor units of ``payment``; all that is left if None.

    ``reason`` is one of Stripe's: duplicate, fraudulent, requested_by_customer.
    Each call is a refund of its own, unless ``number`` names it: the same number
    is the same refund, so that a form that is sent twice pays back once. To
    repeat one that got no answer, use ``send``, or wait for the reconciler.
    Raises ``RefundRefused`` when there is not that much left, and
    ``GatewayError`` with the refund planned.
    """
    # Chosen before the plan: if the answer to its COMMIT is lost, the plan is made once
    # more, and must find this refund instead of making a second one.
    number = number or new_reference()
    planned = plan.plan(
        payment, amount, reason=reason, wanted_by=wanted_by, number=number
    )
    reach(Failpoint.REFUND_PLANNED)
    return send(planned.pk)


def send(pk: int) -> Refund:
    """Ask Stripe for a refund that is planned. Safe to repeat at any time.

    Raises ``RefundRefused`` if Stripe refuses, which is stored, and ``GatewayError``
    if the outcome is unknown, which leaves the refund planned.
    """
    planned = Refund.objects.select_related("payment__order").get(pk=pk)
    if planned.status == RefundStatus.CREATING and not planned.key_is_fresh:
        # Repeating a key that Stripe may have forgotten could pay back twice.
        sync.refresh_refunds(planned.payment)
        planned = plan.renew_key(pk)
    if planned.status != RefundStatus.CREATING:
        return planned
    try:
        sync.ask_for_refund(planned.payment, _call(planned))
    except StripeStuck:
        Refund.objects.filter(pk=pk).update(key_spent=True)
        raise
    except (StripeRefused, DraftRefused) as error:
        return _fail(planned, error)
    planned.refresh_from_db()
    return planned


def _call(planned: Refund) -> Callable[[], StripeRefund]:
    return partial(
        gateway.refund,
        planned.payment.stripe_id or "",
        amount=planned.amount,
        reason=planned.reason,
        number=planned.number,
        key=planned.idempotency_key or "",
    )


def _fail(planned: Refund, error: CheckoutError) -> Refund:
    """Store Stripe's refusal, unless an earlier call has made the refund all the same.

    Its list is read first: the answer to that call may have been lost, and this
    refusal may have another reason, such as an API key that was rotated. If the list
    cannot be read, nothing is known, and the refund stays planned.
    """
    sync.refresh_refunds(planned.payment)
    # A `DraftRefused`, for the amount, has no code of Stripe's.
    plan.fail(planned.pk, getattr(error, "stripe_code", error.code))
    planned.refresh_from_db()
    if planned.status == RefundStatus.FAILED:
        raise RefundRefused(_("Stripe refuses: %(why)s") % {"why": error}) from None
    return planned
