"""What can go wrong, one class each; the base class says what it means.

``sentence`` is for the shopper and is translated; ``str(error)`` is for the
developer and never reaches a page.
"""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CheckoutError(Exception):
    """Base class of all errors that this app raises. Do not raise directly."""

    code = "checkout_error"
    sentence: str | Promise = _("Something went wrong. Please try again.")


class DraftRefused(CheckoutError):
    """What the shopper wants to buy cannot be charged. Do not raise directly."""

    code = "draft_refused"


class BagEmpty(DraftRefused):
    """The order source found nothing to pay."""

    code = "bag_empty"
    sentence = _("Your bag is empty, so there is nothing to pay.")


class AmountNotAnInteger(DraftRefused):
    """An amount or a quantity is not a whole number of minor units."""

    code = "amount_not_an_integer"
    sentence = _("We could not work out the price of your bag.")


class AmountNotPositive(DraftRefused):
    """The total is zero or less."""

    code = "amount_not_positive"
    sentence = _("The total of your bag is zero, so there is nothing to pay.")


class CurrencyUnknown(DraftRefused):
    """Stripe takes no charges in this currency."""

    code = "currency_unknown"
    sentence = _("We cannot take payments in this currency.")


class AmountNotRepresentable(DraftRefused):
    """The currency has no coin this small (see ``money.STEPS``)."""

    code = "amount_not_representable"
    sentence = _("This total cannot be paid exactly in this currency.")


class AmountTooSmall(DraftRefused):
    """The total is below Stripe's minimum for the currency."""

    code = "amount_too_small"
    sentence = _("This total is too small to be paid by card. Please add something.")


class AmountTooLarge(DraftRefused):
    """The total has more digits than Stripe takes."""

    code = "amount_too_large"
    sentence = _("This total is too large to be paid here in one go.")


class EmailRefused(DraftRefused):
    """Stripe takes no receipts for this address, although it looks like one."""

    code = "email_refused"
    sentence = _("Our payment service does not take this e-mail address.")


class GatewayError(CheckoutError):
    """Stripe gave no usable answer. Do not raise directly.

    ``request_id`` is Stripe's ``req_…``, if it answered at all; it is no secret and
    belongs into logs.
    """

    code = "gateway_error"
    sentence = _("The payment service is not answering right now.")

    # Stripe's error code, if it gave one.
    stripe_code = ""

    def __init__(self, message: str = "", *, request_id: str | None = None) -> None:
        super().__init__(message)
        self.request_id = request_id


class StripeUnreachable(GatewayError):
    """No answer, a broken one, or a 5xx: the outcome is unknown (invariant I14).

    Repeating the call with the same idempotency key is safe.
    """

    code = "stripe_unreachable"


class StripeStuck(StripeUnreachable):
    """A 5xx that Stripe has saved under the key, and repeats for a day.

    Only another key gets another answer
    (https://docs.stripe.com/api/idempotent_requests).
    """

    code = "stripe_stuck"


class StripeBusy(GatewayError):
    """A 429, or a 409 because the same key is in flight: ask again soon."""

    code = "stripe_busy"
    sentence = _("The payment service is busy. Please try again in a moment.")


class StripeRefused(GatewayError):
    """Stripe understood and said no: a key, a parameter, a missing object.

    Repeating the call will not help; a developer has to look.
    """

    code = "stripe_refused"
    sentence = _("We cannot take payments right now.")


class ObjectMissing(StripeRefused):
    """Stripe certainly has no such object: by a missing intent no money can come."""

    code = "object_missing"


class IntentMoved(GatewayError):
    """The PaymentIntent is past the state the call needs.

    ``intent`` is the intent as it is now (``gateway.objects.Intent``), so that no
    second call is needed to learn that.
    """

    code = "intent_moved"

    def __init__(self, message: str, intent: Any, **kwargs: Any) -> None:
        super().__init__(message, **kwargs)
        self.intent = intent


class RefundRefused(CheckoutError):
    """There is not that much to pay back, or the bank has taken it already.

    ``str(error)`` says why, for the person or the code that asked for it.
    """

    code = "refund_refused"


class CaptureRefused(CheckoutError):
    """Nothing is held, or not that much."""

    code = "capture_refused"


class EventRefused(CheckoutError, SuspiciousOperation):
    """A webhook delivery that Stripe did not sign, or that is not an event.

    A ``SuspiciousOperation``, so that Django answers 400 on its own.
    """

    code = "event_refused"


class EventUndecided(CheckoutError):
    """An event is stored but could not be applied now: let Stripe send it again."""

    code = "event_undecided"
