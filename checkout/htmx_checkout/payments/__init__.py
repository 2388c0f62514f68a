"""An order gets its PaymentIntent, and the money of it finds its place.

start     plans, asks for and stores the PaymentIntent of an order
sync      asks Stripe, and keeps what it answers
settle    moves payment and order to where Stripe's answer says they are
allocate  decides what succeeded money is for
cancel    gives an order up
capture   takes held money, or lets it go
"""
