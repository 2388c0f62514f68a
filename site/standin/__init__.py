"""A stand-in for Stripe: same requests in, same answers out, no money moves.

``Engine`` is pure: it reads no wall clock, opens no socket and starts no
thread, so a simulator can drive it in process. ``standin.server`` puts it
behind a loopback address.
"""
