"""The signature of a webhook: did Stripe send exactly this body?"""

import stripe

from ..conf import conf
from ..exceptions import EventRefused


def verify(body: bytes, signature: str) -> None:
    """Raise ``EventRefused`` unless one of our secrets signed exactly this body.

    See https://docs.stripe.com/webhooks/signature. There may be several secrets, since
    the old one still signs for a day after a rotation. Without any, all is refused.
    """
    for secret in conf().webhook_secrets:
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(), signature, secret, stripe.Webhook.DEFAULT_TOLERANCE
            )
        except (stripe.SignatureVerificationError, ValueError, TypeError):
            # The package raises ValueError for a body that is not UTF-8, and TypeError
            # for a signature that is not ASCII.
            continue
        return
    raise EventRefused("No webhook secret signed this body.")
