"""Whatever order Stripe's events come in, and however often, the end is the same.

Five events, in every order, each once or twice, and the browser's return before,
between or after them: 120 orders by 32 duplications by 6 places are 23040 sequences.
They are walked as a tree: what two sequences begin with is done once, in a savepoint,
and taken back for the next one.

In the first tree Stripe's truth is final from the beginning, as after an outage. In
the second the app has lost the answer to its creation, and does not know the intent:
120 orders by 6 places are 720. In the third the truth moves on in between, and no event
comes before it has happened: 105 ways for four steps of the truth and their events to
follow each other, by 9 places of the return, are 945. There all five events come once
more at the end, the last one first.
"""

import logging

import pytest

from htmx_checkout.reconciliation import ledger
from tests.support import deliveries
from tests.support.deliveries import EVENTS, Story, differs, failures
from tests.support.world import branch

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet():
    """Nobody reads a million lines of log."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def story(settings, monkeypatch):
    with deliveries.story(settings, monkeypatch) as told:
        yield told


# --- The truth is final --------------------------------------------------------


def walk(story: Story, left: frozenset, again: tuple, word: tuple) -> int:
    """Try all that can come next; returns how many sequences were walked to the end.

    ``again`` says how often an event may come at a time. The return is one of
    ``left``, under its own name.
    """
    if not left:
        differs(word)
        return 1
    done = 0
    for kind in sorted(left):
        for times in (1,) if kind == "return" else again:
            with branch(*[story.act(kind)] * times):
                done += walk(story, left - {kind}, again, (*word, f"{times} {kind}"))
    return done


def test_every_order_and_duplication_ends_alike_f24_f25_f26_i6(story):
    story.set(4)
    found = walk(story, frozenset((*EVENTS, "return")), (1, 2), ())
    assert found == 120 * 32 * 6 == 23_040
    assert ledger.violations() == []


def test_every_order_ends_alike_for_an_intent_that_nobody_knows_f26_f30(story):
    story.forget()
    story.set(4)
    found = walk(story, frozenset((*EVENTS, "return")), (1,), ())
    assert found == 120 * 6 == 720


# --- The truth moves on --------------------------------------------------------


def live(
    story: Story, moment: int, left: frozenset, was_seen: bool, word: tuple
) -> int:
    """As ``walk``; what has not happened yet cannot come.

    ``was_seen``: somebody here has looked while the debit had failed, and the card
    was not tried yet. Then, and only then, the host hears of that.
    """
    if not left and moment == len(EVENTS) - 1:
        with branch(*map(story.act, reversed(EVENTS))):
            differs(word)
            assert failures() == int(was_seen), " ".join(word)
        return 1
    done = 0
    if moment < len(EVENTS) - 1:
        story.set(moment + 1)
        done += live(story, moment + 1, left, was_seen, (*word, f"now {moment + 1}"))
        story.set(moment)
    for kind in sorted(left & {*EVENTS[: moment + 1], "return"}):
        seen = was_seen or moment == EVENTS.index("payment_intent.payment_failed")
        with branch(story.act(kind)):
            done += live(story, moment, left - {kind}, seen, (*word, kind))
    return done


def test_every_order_ends_alike_while_the_truth_moves_on_f26_i6_i7(story):
    story.set(0)
    left = frozenset((*EVENTS[1:], "return"))
    found = live(story, 0, left, False, ())
    assert found == 105 * 9 == 945
