"""A server-rendered Stripe checkout for Django and htmx.

Read the rooms in the order in which a payment passes through them:

    money         amounts in minor units, by Stripe's rules
    drafts        what the shopper wants to buy, as the host says it
    sources       where a draft comes from
    models        the rows; `statuses` has the moves between their states
    orders        the draft becomes an order, one at a time for a shopper
    gateway       the only door to Stripe, through `calls` and its `breaker`;
                  `intents` and `facts` are what comes out of it
    settlement    what Stripe says becomes what we hold, under one lock
    arrivals      money has come: it pays, goes back, or is an exception
    payments      an order gets its PaymentIntent
    cancellation  it is given up; `captures`, `refunds`, `disputes` say what else
                  becomes of its money
    inbox         an event arrives and is a reason to look
    effects       what the host is told, by `delivery`, once it is true
    alarms        what a person has to look at
    reconciler    what nobody came back for; `books` checks all of it once more
    views         page, summary, payment: the till
    aftermath     return and status: what the shopper sees afterwards
    door          the webhook endpoint
    admin         the desk of the shop's people; `timeline` explains an order

`stops` names the points at which a process can die, and who takes it up there.
"""

from .orders.draft import Draft, Line

__all__ = ["Draft", "Line"]
__version__ = "0.1.0"
