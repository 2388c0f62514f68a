"""Fern & Quill, a small stationer: an example of a host of the checkout.

catalogue   six things and what they cost
bag         what the shopper has chosen, kept in the session
source      the bag becomes a draft of an order
fulfil      a paid order becomes a parcel to pack
views       shelf, bag, currency
"""
