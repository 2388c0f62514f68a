"""An order's payments: from the first call to Stripe to the last refund.

start     plans an order's PaymentIntent, and asks for it
sync      asks Stripe about a payment and keeps the answer; nothing else does both
settle    moves payment and order to where the answer says; nothing else moves one
allocate  decides whether succeeded money pays its order
cancel    cancels an order and its intent, and so releases held money
capture   captures held money
refund    pays money back
"""
