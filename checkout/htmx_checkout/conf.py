"""The app's settings: read from ``settings.CHECKOUT``, and from nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import import_string

STRIPE_API = "https://api.stripe.com"
# The release train that matches the API version the stripe package pins
# (https://docs.stripe.com/sdks/stripejs-versioning).
STRIPE_SCRIPT = "https://js.stripe.com/endive/stripe.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conf:
    """One frozen reading of ``settings.CHECKOUT``; the keys are upper case there."""

    secret_key: str = field(default="", repr=False)
    publishable_key: str = ""
    # Several, so that the old and the new one both pass during a rotation.
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    # Takes a request, returns a Draft, or None when the bag is empty.
    order_source: str | Callable[..., Any] = "htmx_checkout.sources.session_total"
    # The currency of the built-in order source.
    currency: str = "usd"
    # Where Stripe answers. Only a stand-in and the tests change these two.
    api_base: str = STRIPE_API
    script_url: str = STRIPE_SCRIPT
    # Tells this installation's intents from others on the same account.
    installation: str = "checkout"
    shop_name: str = ""
    # Where "back to the shop" leads.
    shop_url: str = "/"
    # Stands before the reference that a shopper reads out on the telephone.
    reference_prefix: str = ""
    # "https://shop.example"; empty: taken from the request, which Django has
    # checked against ALLOWED_HOSTS.
    public_origin: str = ""
    # A template included under each line while the bag can still change, with
    # `line` in its context: the host's quantity buttons, say.
    line_controls: str = ""
    # The account of the secret key, "acct_…". Events that name another one, or any
    # one while this is empty, are a connected account's and not ours.
    account: str = ""
    # "automatic", or "manual": the money is held, and taken when the goods are sent.
    capture_method: str = "automatic"
    # Money for an order that was cancelled meanwhile: "refund" it, or "honour" it.
    late_money: str = "refund"
    # Hours after which the reconciler cancels what nobody has paid.
    abandon_after_hours: int = 24
    # Signals that are parked, not sent again, when a worker dies while sending them.
    at_most_once: tuple[str, ...] = ()
    # Which htmx of django-htmx's package to load, 2 or 4.
    htmx_major: int = 2

    @property
    def livemode(self) -> bool:
        """True when the secret key moves real money."""
        return "_live_" in self.secret_key

    @property
    def captures_later(self) -> bool:
        """True when money is held first."""
        return self.capture_method == "manual"

    @property
    def is_stripe(self) -> bool:
        """False when a stand-in answers instead of Stripe."""
        return self.api_base == STRIPE_API

    @property
    def source(self) -> Callable[..., Any]:
        """The order source itself; raises ``ImportError`` if it is not there."""
        if callable(self.order_source):
            return self.order_source
        found: Callable[..., Any] = import_string(self.order_source)
        return found


@cache
def conf() -> Conf:
    """The settings now in force. Unknown keys are left to ``checks``."""
    given = getattr(settings, "CHECKOUT", {})
    known = {f.name for f in fields(Conf)}
    values = {key.lower(): value for key, value in given.items()}
    if isinstance(secrets := values.get("webhook_secrets", ()), str):
        # One secret, written without its tuple, is not a tuple of letters.
        secrets = (secrets,)
    values["webhook_secrets"] = tuple(filter(None, secrets))
    return Conf(**{name: value for name, value in values.items() if name in known})


@receiver(setting_changed)
def forget(*, setting: str, **kwargs: Any) -> None:
    """Let ``override_settings`` work."""
    if setting == "CHECKOUT":
        conf.cache_clear()
