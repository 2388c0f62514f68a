"""A server-rendered Stripe checkout for Django and htmx.

Read the rooms in the order in which a payment passes through them:

    money       amounts in minor units, by Stripe's rules
    drafts      what the shopper wants to buy, as the host says it
    sources     where a draft comes from
    orders      the draft becomes an order, one at a time for a shopper
    gateway     the only door to Stripe; `intents` is what comes out of it
    settlement  what Stripe says becomes what we hold, under one lock
    payments    an order gets its PaymentIntent
    inbox       an event arrives and is a reason to look
    effects     what the host is told, once it is true
    views       page, summary, payment: the till
    aftermath   return and status: what the shopper sees afterwards
    door        the webhook endpoint
"""

from .drafts import Draft, Line

__all__ = ["Draft", "Line"]
__version__ = "0.1.0"
