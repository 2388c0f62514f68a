"""Receivers of messages; one of them stumbles now and then, as a host's may."""

from itertools import count

from django.dispatch import receiver

from htmx_checkout.signals import incident_opened, order_paid, order_refunded

from .models import Heard

# So rarely that a message which fails three times in a row, and then waits for
# minutes as it should, is not to be expected in a soak.
STUMBLES_EVERY = 30
deliveries = count(1)


@receiver(order_paid)
def fulfil(*, order, **kwargs):
    Heard.objects.create(receiver="fulfil", subject=order.reference)


@receiver(order_paid)
def stumble(*, order, **kwargs):
    Heard.objects.create(receiver="stumble", subject=order.reference)
    if next(deliveries) % STUMBLES_EVERY == 0:
        raise RuntimeError("The host has stumbled, after it has written.")


@receiver(order_refunded)
def pay_back(*, refund, **kwargs):
    Heard.objects.create(receiver="pay_back", subject=refund.stripe_id)


@receiver(incident_opened)
def look(*, incident, **kwargs):
    subject = f"{incident.kind}:{incident.subject}"
    Heard.objects.create(receiver="look", subject=subject[:255])
