"""What kind of history it is: calm or stormy, and under which settings."""

from dataclasses import dataclass
from random import Random

# Nothing wrong; as bad as it gets; and mostly something in between.
CALM, ROUGH, STORM = 0.0, 1.0, 3.0


@dataclass(frozen=True, slots=True)
class Profile:
    """Drawn once for a history. Chances are for one occasion each."""

    currency: str
    capture_method: str
    late_money: str
    at_most_once: tuple[str, ...]
    skew: float
    steps: int
    # Of a call to Stripe that something goes wrong; of a place that somebody dies, or
    # is overtaken; of a statement or a commit that the database is in trouble.
    line: float
    dies: float
    overtaken: float
    refuses: float
    forgets: float
    host_trouble: float
    browser: float
    mischief: float
    # Whether any webhook comes once all has healed.
    webhooks_heal: bool


def draw(dice: Random) -> Profile:
    line, death, rows = (
        dice.choices((CALM, ROUGH, STORM), (3, 5, 2))[0] for _ in "123"
    )
    has_rows_trouble = dice.random() < 0.3
    return Profile(
        currency=dice.choice(("gbp", "eur")),
        capture_method="manual" if dice.random() < 0.2 else "automatic",
        late_money="honour" if dice.random() < 0.25 else "refund",
        at_most_once=("order_paid",) if dice.random() < 0.15 else (),
        skew=dice.choices((0.0, 600.0, -600.0, 3.0), (7, 1, 1, 1))[0],
        steps=dice.randint(8, 26),
        line=0.06 * line,
        dies=0.012 * death,
        overtaken=0.04 * dice.choice((CALM, ROUGH, ROUGH, STORM)),
        refuses=0.0015 * rows * has_rows_trouble,
        forgets=0.006 * rows * has_rows_trouble,
        host_trouble=dice.choice((0.0, 0.1, 0.5)),
        browser=0.03 * line,
        mischief=dice.choice((0.0, 0.1, 0.5)),
        webhooks_heal=dice.random() < 0.5,
    )


def settings(profile: Profile, given: dict[str, object]) -> dict[str, object]:
    """``settings.CHECKOUT`` for a history, on top of the site's own."""
    return given | {
        "API_BASE": "http://stripe.simulated",
        "ORDER_SOURCE": "htmx_checkout.sources.session_total",
        "LINE_CONTROLS": "",
        "CURRENCY": profile.currency,
        "CAPTURE_METHOD": profile.capture_method,
        "LATE_MONEY": profile.late_money,
        "AT_MOST_ONCE": profile.at_most_once,
    }
