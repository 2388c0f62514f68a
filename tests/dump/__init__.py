"""A shop's database as the first release left it, and what Stripe held of it then.

``shop.sql`` has the rows of all tables of ``htmx_checkout`` under its migration
``0001_initial``, in SQL that SQLite and PostgreSQL both read. ``stripe.json`` has the
same money as the stand-in held it, and the moment at which both were written.
Whatever migration is added has to bring these rows along: ``tests/dump/test_dump.py``
loads them, migrates, and reconciles without a finding.

    python -m tests.dump         writes both files anew
    python -m tests.dump.proof   loads them, migrates, reconciles and prints what it saw

Write them anew only while ``0001_initial`` itself still changes. Once it has been
released, these files stay as they are: they stand for databases that exist.
"""
