"""Everything heals: what is left to do is done, and then all of it must be right."""

from collections.abc import Callable

from stripe_standin.desk import actions
from tests.simulation import machines, safety, shoppers, truth
from tests.simulation.browsers import Tab
from tests.simulation.clock import BEGIN
from tests.simulation.scene import Idle, Scene, Violation

MANY = 400
# Longer than any bank takes, and shorter than the reconciler looks back.
QUIET = 60 * 3600.0
# How many of the histories end with a shopper who buys something.
BUYS = 0.3
Do = Callable[[Scene], str]


def play(scene: Scene) -> None:
    """Heal, let all who have work left do it, and look at the whole."""
    _heal(scene)
    scene.play("wait", lambda s: machines.wait(s, QUIET))
    if not scene.profile.webhooks_heal:
        actions.act(scene.engine, "drop", {"all": True})
        for delivery in scene.engine.deliveries.waiting():
            delivery.status = "dropped"
    # Two runs of the reconciler are promised to be enough; mostly one is.
    try:
        _settle(scene)
        truth.look(scene)
        scene.tally["right after: one run"] += 1
    except Violation as violation:
        scene.note(f"not yet: {violation}")
        _settle(scene)
        truth.look(scene)
        scene.tally["right after: two runs"] += 1
    if scene.dice.random() < BUYS:
        _buys(scene)


def _settle(scene: Scene) -> None:
    """Let all webhooks come, all workers work, and the reconciler run once."""
    _until_idle(scene, machines.deliver)
    _until_idle(scene, machines.work)
    _step(scene, machines.reconcile_at_night if _is_long(scene) else machines.reconcile)
    _until_idle(scene, machines.deliver)
    _until_idle(scene, machines.work)
    scene.play("wait", lambda s: machines.wait(s, 300.0))


def _is_long(scene: Scene) -> bool:
    """True if more has passed than the reconciler looks back by day."""
    return scene.clock.now - BEGIN > 70 * 3600.0


def _heal(scene: Scene) -> None:
    scene.healed = True
    scene.note("--- everything heals ---")
    scene.clock.set_skew(0.0)
    actions.act(scene.engine, "release", {"order": "shuffle"})
    for name in ("drop", "duplicate"):
        actions.act(scene.engine, name, {})
    actions.act(scene.engine, "delay", {"seconds": 0.0})


def _step(scene: Scene, do: Do) -> None:
    scene.play(do.__name__, do)
    safety.look(scene)


def _until_idle(scene: Scene, do: Do) -> None:
    for _ in range(MANY):
        try:
            _step(scene, do)
        except Idle:
            return
    raise Violation(f"{do.__name__} never ends")


def _buys(scene: Scene) -> None:
    """A shopper can still buy something, unless money of hers is on its way."""
    browser, tab = scene.browsers[0], Tab()
    browser.fill(4200)
    scene.play("buys", lambda s: shoppers.pressed(s, browser, tab))
    if not tab.secret:
        _has_a_reason(scene, tab)
        return
    scene.agreed[tab.intent] = (tab.amount, tab.currency)
    said = browser.confirm(tab, payment_method="pm_card_visa")
    paid = (
        "requires_capture" if scene.profile.capture_method == "manual" else "succeeded"
    )
    if said.get("status") != paid:
        raise Violation(f"A card that is good does not pay: {said}")
    shown = scene.play("returns", lambda s: shoppers.returned(s, browser, tab))
    if shown != ("authorised" if paid == "requires_capture" else "paid"):
        raise Violation(f"She has paid, and is shown {shown}")


def _has_a_reason(scene: Scene, tab: Tab) -> None:
    if not tab.token:
        raise Violation("A shopper is told nothing, and can pay nothing")
    shown = scene.play("looks", lambda s: shoppers.look_at(s, s.browsers[0], tab.token))
    if shown not in ("paid", "refunded", "processing", "authorised", "unknown"):
        raise Violation(f"A shopper cannot pay an order that is {shown}")
    scene.tally[f"cannot buy: {shown}"] += 1
