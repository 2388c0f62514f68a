"""Staff in the admin, and what they press."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.urls import reverse

from htmx_checkout.models import OutboxMessage, Payment
from htmx_checkout.outbox import deliver

SEES = (
    "view_order",
    "view_payment",
    "view_refund",
    "view_webhookevent",
    "view_outboxmessage",
    "view_incident",
)


def clerk(*codenames, name="olive"):
    """Olive's browser: staff, who may see everything, and do what is named."""
    olive = get_user_model().objects.create_user(name, is_staff=True)
    held = Permission.objects.filter(
        content_type__app_label="htmx_checkout", codename__in=[*SEES, *codenames]
    )
    olive.user_permissions.set(held)
    client = Client()
    client.force_login(olive)
    return client


def url(row, name="change"):
    return reverse(f"admin:htmx_checkout_{row._meta.model_name}_{name}", args=[row.pk])


def fill(client, row, name, **typed):
    """Open the form of an act, type into it, and look at what it says then."""
    page = client.get(url(row, name))
    assert page.status_code == 200, page
    form = page.context["form"]
    data = {field.html_name: field.value() or "" for field in form} | typed
    return data, client.post(url(row, name), data)


def press(client, row, name, **typed):
    """Do an act from its page to its end, and return the sentences that are shown."""
    data, page = fill(client, row, name, **typed)
    if page.status_code == 200 and page.context["is_second"]:
        page = client.post(url(row, name), data | {"sure": "yes"})
    assert page.status_code == 302, page.text
    return said(client.get(page.url))


def said(page):
    return " ".join(str(message) for message in page.context["messages"])


def settled_payment(till, begun):
    """Ada's payment of £42.00, after she has paid and it was settled."""
    from htmx_checkout.payments import sync

    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    return Payment.objects.select_related("order").get(pk=payment.pk)


def park(message):
    """Fail once too often, as a delivery would."""
    message.tries, message.parked_at = OutboxMessage.MAX_TRIES, None
    with transaction.atomic():
        deliver._fail(message, "RuntimeError")


def sent(till, kind):
    """The event of a kind that Stripe has made, and an endpoint would get."""
    (found, *_more) = till.client.v1.events.list({"type": kind}).data
    return found.to_dict()
