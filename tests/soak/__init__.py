"""Real processes, killed at random behind doors that misbehave.

``make soak MINUTES=10`` starts several web servers and workers on PostgreSQL and a
stand-in for Stripe, lets shoppers and staff loose on them, kills, cuts and delays,
and asks all the while whether money is still right. Then everything heals, and the
seconds until it has all come together are counted.

    proxy       a door between two processes, and what can go wrong in it
    balancer    the door that shoppers and webhooks knock at
    programs    processes, started and ended by their number
    database    a database of its own
    stripe      the stand-in, as Stripe.js, the dashboard and its desk see it
    browser     one shopper's browser
    stories     what shoppers do with it, in a crowd
    staff       refunds and cancellations, in a process of their own
    chaos       what is killed, cut and delayed, and when
    watch       what must hold at any moment
    harmony     what must hold soon after the last fault
    report      the figures
"""
