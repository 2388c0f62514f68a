"""What is off unless a host asks for it.

Each folder in here is a Django app of its own, with a label, models and migrations of
its own. A host turns it on by naming it in ``INSTALLED_APPS``, and whoever does not
has neither its tables nor its imports. An app in here may import the core; the core
imports nothing from here.
"""
