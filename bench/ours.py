"""Our side: the app of this repository, in a process of its own.

``python -m bench.ours DATABASE API_BASE``; see ``bench.side``.
"""

import sys
from functools import partial
from secrets import token_hex
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from bench.ground import APPS, SECRET_KEY, WEBHOOK_SECRET, ground


def set_up(database: str, api_base: str) -> None:
    """Load Django with the app, and make its tables."""
    settings.configure(
        **ground(database),
        INSTALLED_APPS=[*APPS, "django_htmx", "django_tasks_db", "htmx_checkout"],
        # As the site has it: messages are rows too, and a worker delivers them.
        TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
        ROOT_URLCONF="bench.ours_urls",
        CHECKOUT={
            "SECRET_KEY": SECRET_KEY,
            "PUBLISHABLE_KEY": "pk_test_0",
            "WEBHOOK_SECRETS": [WEBHOOK_SECRET],
            "API_BASE": api_base,
            "CURRENCY": "gbp",
        },
    )
    django.setup()
    call_command("migrate", verbosity=0)


def begin(count: int) -> list[str]:
    """Make that many orders, each with its intent; answers the intents' ids."""
    from htmx_checkout import Draft, Line
    from htmx_checkout.payments import start

    lines = (Line(name="Linen notebook", amount=1400),)
    draft = Draft(currency="gbp", lines=lines, email="ada@example.com")
    ids: list[str] = []
    for _number in range(count):
        intent: Any = start.begin(token_hex(32), draft).intent
        ids.append(intent.stripe_id)
    return ids


def paid(_given: None) -> int:
    """How many orders are paid."""
    from htmx_checkout.models import Order

    return Order.objects.filter(status="paid", paid_at__isnull=False).count()


if __name__ == "__main__":
    set_up(*sys.argv[1:])
    from bench import filling, steps
    from bench.side import post, serve

    knock = partial(post, "/checkout/webhook/", WEBHOOK_SECRET)
    more = steps.commands(knock=knock, settle=steps.settle, status=steps.status)
    serve(begin=begin, paid=paid, fill=filling.fill, **more)
