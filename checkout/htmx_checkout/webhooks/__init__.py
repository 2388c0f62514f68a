"""Stripe's events: verified, stored once, and taken as a reason to ask Stripe.

views     the endpoint
parse     the fields of an event that are used
process   stores an event and acts on it
refusals  counts deliveries that Stripe did not sign
"""
