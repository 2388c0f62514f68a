"""Orders before their payment: what a shopper wants becomes a frozen order.

draft    what the shopper wants to buy, as the host says it
shopper  whose order it is: a digest kept in the session
current  the one order of a shopper that can still be paid
"""
