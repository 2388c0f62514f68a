"""Stripe's events: verified, stored once, and taken as a reason to ask Stripe.

views     the endpoint
parse     the fields of an event that are used
process   acts on an event
store     stores an event with its outcome
refusals  counts deliveries that Stripe did not sign
"""
