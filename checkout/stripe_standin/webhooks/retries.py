"""When a webhook delivery is tried again, and when it has failed for good.

Source: https://docs.stripe.com/webhooks (a sandbox retries three times over
a few hours).
"""

from ..world.deliveries import Delivery

RETRY_AFTER_SECONDS = (600.0, 3600.0, 3 * 3600.0)


def answered(delivery: Delivery, status: int | None, now: float) -> None:
    """Note the endpoint's answer; ``None`` is no answer at all.

    Any 2xx is success; a redirect is not.
    """
    delivery.attempts += 1
    delivery.answers.append(status)
    if status is not None and 200 <= status <= 299:
        delivery.status = "delivered"
    elif delivery.attempts > len(RETRY_AFTER_SECONDS) or delivery.manual:
        delivery.status = "failed"
    else:
        delivery.status = "waiting"
        delivery.due = now + RETRY_AFTER_SECONDS[delivery.attempts - 1]
