"""Which Stripe keys to use, and which combinations never to start with.

The prefixes are Stripe's: https://docs.stripe.com/keys
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """One account's three secrets, all of one mode."""

    secret: str = field(repr=False)
    publishable: str
    # Several, so that the old and the new one both pass during a rotation.
    webhook_secrets: tuple[str, ...] = field(repr=False)

    @property
    def are_standin(self) -> bool:
        """Whether these are the keys of the local stand-in for Stripe."""
        return self.secret == STANDIN.secret


STANDIN = Keys(
    secret="sk_test_standin",  # noqa: S106 -- opens nothing but the stand-in
    publishable="pk_test_standin",
    webhook_secrets=("whsec_standin_demo",),
)

SECRET_PREFIXES = ("sk_test_", "sk_live_", "rk_test_", "rk_live_")
PUBLISHABLE_PREFIXES = ("pk_test_", "pk_live_")
WEBHOOK_PREFIX = "whsec_"


def choose(
    secret: str, publishable: str, webhook_secrets: Sequence[str], *, debug: bool
) -> Keys:
    """Take the keys that were given, or the stand-in's when debugging without any.

    Raises ``ImproperlyConfigured``, with a sentence that says what to do, for a
    part of a set, mixed-up kinds, a test key beside a live one, a live key
    while debugging, and for no key or the stand-in's keys in production.
    """
    given = Keys(
        secret=secret, publishable=publishable, webhook_secrets=tuple(webhook_secrets)
    )
    if not (secret or publishable or webhook_secrets):
        given = STANDIN
        if not debug:
            raise ImproperlyConfigured(
                "There are no Stripe keys. Set STRIPE_SECRET_KEY, "
                "STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRET; or, to try the "
                "shop without an account, set DEBUG=on."
            )
    _refuse_a_part(given)
    _refuse_wrong_kinds(given)
    _refuse_two_sets(given)
    _refuse_wrong_mode(given, debug=debug)
    return given


def _refuse_a_part(given: Keys) -> None:
    missing = [
        name
        for name, value in (
            ("STRIPE_SECRET_KEY", given.secret),
            ("STRIPE_PUBLISHABLE_KEY", given.publishable),
            ("STRIPE_WEBHOOK_SECRET", given.webhook_secrets),
        )
        if not value
    ]
    if missing:
        raise ImproperlyConfigured(
            f"Only a part of the Stripe keys is set: {' and '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing. Set all three, or none "
            "to use the stand-in with DEBUG=on."
        )


def _refuse_wrong_kinds(given: Keys) -> None:
    if given.secret.startswith("pk_") or given.publishable.startswith(("sk_", "rk_")):
        raise ImproperlyConfigured(
            "The Stripe keys are mixed up: STRIPE_SECRET_KEY starts with sk_ or rk_ "
            "and stays on the server, STRIPE_PUBLISHABLE_KEY starts with pk_ and is "
            "shown to shoppers. Swap them."
        )
    if not given.secret.startswith(SECRET_PREFIXES):
        raise ImproperlyConfigured(
            "STRIPE_SECRET_KEY must start with one of "
            f"{', '.join(SECRET_PREFIXES)}. Copy it again from the API keys page of "
            "your Stripe dashboard."
        )
    if not given.publishable.startswith(PUBLISHABLE_PREFIXES):
        raise ImproperlyConfigured(
            "STRIPE_PUBLISHABLE_KEY must start with one of "
            f"{', '.join(PUBLISHABLE_PREFIXES)}. Copy it again from the API keys page "
            "of your Stripe dashboard."
        )
    if not all(each.startswith(WEBHOOK_PREFIX) for each in given.webhook_secrets):
        raise ImproperlyConfigured(
            f"STRIPE_WEBHOOK_SECRET must start with {WEBHOOK_PREFIX} (several are "
            "separated by commas). Copy the signing secret of your endpoint from the "
            "Stripe dashboard, or the one that `stripe listen` prints."
        )


def _refuse_two_sets(given: Keys) -> None:
    """Refuse keys of two modes, or one of the stand-in's beside one of Stripe's."""
    secret_is_live = _is_live(given.secret)
    publishable_is_live = _is_live(given.publishable)
    if secret_is_live != publishable_is_live:
        raise ImproperlyConfigured(
            "A Stripe test key stands beside a live key: STRIPE_SECRET_KEY is a "
            f"{'live' if secret_is_live else 'test'} key and STRIPE_PUBLISHABLE_KEY a "
            f"{'live' if publishable_is_live else 'test'} key. Take both from the "
            "same mode of the same account."
        )
    if (given.secret == STANDIN.secret) != (given.publishable == STANDIN.publishable):
        raise ImproperlyConfigured(
            "A key of the stand-in stands beside a key of Stripe. Set all three Stripe "
            "variables to your account's keys, or none."
        )


def _refuse_wrong_mode(given: Keys, *, debug: bool) -> None:
    """Refuse live keys while debugging, and the stand-in's in production."""
    if _is_live(given.secret) and debug:
        raise ImproperlyConfigured(
            "A live Stripe key is set while DEBUG is on: error pages would show "
            "settings to shoppers and real money would move. Set DEBUG=off, or use "
            "test keys."
        )
    if given.are_standin and not debug:
        raise ImproperlyConfigured(
            "The keys are the stand-in's, which everybody knows, while DEBUG is off: "
            "orders would count as paid without money. Set your own Stripe keys, or "
            "DEBUG=on to try the shop."
        )


def _is_live(key: str) -> bool:
    return "_live_" in key[:8]
