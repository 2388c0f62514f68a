"""dj-stripe's side: ``python -m bench.djstripe DATABASE API_BASE``.

Set up as its documentation says, and nothing left out: its default handlers,
the signature verified, an endpoint with a secret and a URL of its own, and the
account known, so that it need not ask for it. It runs on stripe-python 15,
since it refuses 16, and so asks Stripe in that package's version of the API.
"""

import sys
import time
from functools import partial

import django
from django.conf import settings
from django.core.management import call_command

from bench.ground import APPS, SECRET_KEY, WEBHOOK_SECRET, ground


def set_up(database: str, api_base: str) -> None:
    """Load Django with dj-stripe, and make its tables."""
    settings.configure(
        **ground(database),
        INSTALLED_APPS=[*APPS, "djstripe"],
        ROOT_URLCONF="bench.djstripe.urls",
        STRIPE_TEST_SECRET_KEY=SECRET_KEY,
        STRIPE_LIVE_MODE=False,
        STRIPE_API_HOST=api_base,
        DJSTRIPE_FOREIGN_KEY_TO_FIELD="id",
    )
    django.setup()
    call_command("migrate", verbosity=0)


def endpoint() -> str:
    """Store a webhook endpoint as its sync from Stripe does; its path is given."""
    from django.urls import reverse
    from djstripe.models import WebhookEndpoint

    made = WebhookEndpoint.sync_from_stripe_data(
        {
            "id": "we_1",
            "object": "webhook_endpoint",
            "api_version": None,
            "created": int(time.time()),
            "enabled_events": ["*"],
            "livemode": False,
            "metadata": {},
            "secret": WEBHOOK_SECRET,
            "status": "enabled",
            "url": "https://shop.example/stripe/webhook/",
        }
    )
    return reverse("djstripe:djstripe_webhook_by_uuid", args=[made.djstripe_uuid])


def paid(_given: None) -> int:
    """How many intents are known as paid, with their charges."""
    from djstripe.models import Charge, PaymentIntent

    known = PaymentIntent.objects.filter(stripe_data__status="succeeded")
    return min(known.count(), Charge.objects.filter(stripe_data__paid=True).count())


if __name__ == "__main__":
    set_up(*sys.argv[1:])
    from bench.side import measured, post, serve

    knock = partial(post, endpoint(), WEBHOOK_SECRET)
    serve(knock=partial(measured, knock), paid=paid)
