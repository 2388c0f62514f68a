"""Refunds: planned here, and brought up to what Stripe answers.

plan   stores a refund, under the order's lock, with its idempotency key
apply  keeps Stripe's answer about a payment's refunds, and does what follows

Nothing here asks Stripe. What does, ``refund`` and ``send``, is in
``payments/refund.py``, beside ``capture`` and ``cancel``.
"""
