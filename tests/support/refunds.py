"""Refunds as Stripe has them, and what happens there without us."""


def at_stripe(till, payment=None):
    """The amounts of all refunds that Stripe has, or of those of ``payment``."""
    about = {"payment_intent": payment.stripe_id} if payment else {}
    return sorted(item.amount for item in till.client.v1.refunds.list(about).data)


def act(till, name, **given):
    """Do something at the stand-in's desk, as the bank or as fate."""
    from stripe_standin.desk import actions

    with till.server.lock:
        return actions.act(till.server.engine, name, given)
