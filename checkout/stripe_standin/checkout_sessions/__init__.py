"""Checkout Sessions, their line items, products, prices and shipping rates."""
