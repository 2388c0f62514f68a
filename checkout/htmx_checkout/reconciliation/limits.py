"""How old a row must be for the reconciler, and how far back it looks."""

from datetime import timedelta

# Skip rows younger than this: another process may still hold them (a call takes at
# most 12 s). Not much longer, since what a killed process left waits for this and for
# the next run.
MIN_AGE = timedelta(seconds=30)
# Stripe delivers for three days. What was created before is asked for one by one.
WINDOW = timedelta(hours=72)
