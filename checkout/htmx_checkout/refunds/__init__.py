"""Money that goes back: what is planned here, and what Stripe says of it.

plan   writes a refund down, under the order's lock, with its idempotency key
apply  keeps what Stripe says of a payment's refunds, and does what follows

Nothing here asks Stripe. What does, ``refund`` and ``send``, is in
``payments/refund.py``, beside ``capture`` and ``cancel``.
"""
