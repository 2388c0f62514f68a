"""Charges, refunds, disputes, early fraud warnings and the balance."""
