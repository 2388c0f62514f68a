"""A seeded simulation: the real app and a real database, over the stand-in's engine.

A history is a few dozen steps of shoppers, staff, banks, webhooks, workers and the
reconciler, drawn by dice; the network loses answers, the database refuses, processes
die, and others overtake them. What must never be wrong is looked at after every step,
and all of it once everything has healed. The same seed is the same history.

    clock, chance   one time and one randomness for all that takes part
    wire, rows      the edges: Stripe's network, and the database
    fate            who dies, and who is overtaken, at which stop
    scene           one small world, and who is in it
    shoppers, staff, banks, machines    what can happen next
    safety, claims, ending, truth       what must hold: at each step, then, and at last
    story           one history, from its number
    shrink          the fewest steps that still fail
    runner          many of them, in some processes
    plants          bugs that it has to find

Nothing inside of ``checkout`` is patched, but for the planted bugs.
"""
