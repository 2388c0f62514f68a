"""A stand-in for Stripe: same requests in, same answers out, no money moves.

``engine`` reads no wall clock, opens no socket and starts no thread, so a
simulation can run it in its own process. ``shell`` serves it on the loopback:
``python -m stripe_standin``. The folders, lowest first; each imports only from
those before it:

    world               objects, clock, ids, timers, webhook deliveries
    protocol            HTTP, parameters, keys, versions, errors, idempotency, lists
    webhooks            events, endpoints, signatures, retries
    payment_methods     cards, bank accounts, tokens, customers
    charges             charges, refunds, disputes, balance
    intents             payment intents, setup intents, 3D Secure, captures
    checkout_sessions   sessions, line items, products, prices, the hosted page's API
    elements            what Stripe.js asks for, customer sessions
    engine              routes, and from a request to its answer
    pages               stripe.js, its frames, the bank's page, the hosted page
    desk                the page and the JSON API that play bank or fate
    shell               server, webhook sender

``browser`` holds the scripts, styles and HTML that ``pages`` serves.
"""

__version__ = "0.1.0"
