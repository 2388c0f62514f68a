"""What runs by itself: webhooks, workers, the reconciler, banks, and time."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from htmx_checkout import reconciliation
from stripe_standin.desk import actions
from stripe_standin.world.deliveries import Delivery
from tests.simulation import claims
from tests.simulation.fate import Killed
from tests.simulation.scene import DAY, Idle, Scene

FORGED = b'{"id": "evt_forged", "object": "event", "type": "payment_intent.succeeded"}'


# --- Webhooks -------------------------------------------------------------------


def deliver(scene: Scene) -> str:
    """Post one delivery that is due; which one, nobody has promised."""
    due = scene.engine.due()
    delivery = scene.one_of(due)
    if delivery is not due[0]:
        scene.tally["webhook: out of order"] += 1
    if delivery.attempts:
        scene.tally["webhook: delivered again after a failure"] += 1
    return f"{delivery.event_type} {post(scene, delivery)}"


def post(scene: Scene, delivery: Delivery) -> int:
    """Post ``delivery``, and tell Stripe what the endpoint said; 0 for nothing."""
    request = scene.engine.post(delivery)
    status = None
    try:
        status = _knock(scene, request.body, request.header("stripe-signature"))
    finally:
        scene.engine.delivered(delivery, status)
    if status == 200:
        claims.accepted(scene, delivery)
    return status


def _knock(scene: Scene, body: bytes, signature: str) -> int:
    status: int = scene.stripes_client.generic(
        "POST",
        scene.url("webhook"),
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature},
        CONTENT_TYPE="application/json",
    ).status_code
    return status


def forge(scene: Scene) -> str:
    """Somebody else posts something that looks like an event."""
    scene.tally["webhook: forged"] += 1
    status = _knock(scene, FORGED, f"t={int(scene.clock.now)},v1=00")
    if status in (400, 503):
        return str(status)
    raise AssertionError(f"A forged event was answered {status}.")


def mischief(scene: Scene) -> str:
    """The next deliveries are lost, doubled, late, or held back and shuffled."""
    engine = scene.engine
    if not scene.profile.mischief:
        raise Idle
    what = scene.dice.choice(("drop", "duplicate", "delay", "hold", "release"))
    given: dict[str, Any] = {
        "drop": {"next": 3},
        "duplicate": {"next": 4},
        "delay": {"seconds": scene.dice.choice((0.0, 600.0, DAY))},
        "hold": {},
        "release": {"order": "shuffle"},
    }[what]
    actions.act(engine, what, given)
    return what


def lose(scene: Scene) -> str:
    """A delivery that is on its way never comes."""
    delivery = scene.one_of(scene.engine.deliveries.waiting())
    delivery.status = "dropped"
    return delivery.event_type


def count_mischief(scene: Scene) -> None:
    """Add to the tally what has become of the deliveries of a whole history."""
    found = scene.engine.deliveries
    for held in found.by_event.values():
        scene.tally["webhook: twice"] += len(held) > 1
    for delivery in found.by_id.values():
        scene.tally["webhook: dropped"] += delivery.status == "dropped"
        created = scene.engine.store.by_id[delivery.event]["created"]
        scene.tally["webhook: late"] += delivery.due - created > 300


# --- Workers --------------------------------------------------------------------


def work(scene: Scene) -> str:
    """A worker takes one task, as ``db_worker`` does, and may be killed over it."""
    ready = DBTaskResult.objects.ready().order_by("enqueued_at", "task_path", "id")
    found = scene.one_of(ready)
    with transaction.atomic():
        found.claim("simulated")
    name, args = found.task_path.split(".")[-1], found.args_kwargs["args"]
    return f"{name}{args}: {_run(scene, found)}"


def _run(scene: Scene, found: DBTaskResult) -> str:
    # Not by the package's Worker, which would catch a death and note a failure; a
    # process that is killed leaves its row "running" for ever.
    try:
        value = found.task.call(*found.args_kwargs["args"])
    except Killed:
        scene.tally["worker: dies"] += 1
        raise
    except Exception as error:
        found.set_failed(error)
        return f"failed, {type(error).__name__}"
    found.set_successful(value)
    return "done"


def reconcile(scene: Scene) -> str:
    """The reconciler runs once, as it does every few minutes."""
    return _reconcile(scene, reconciliation.WINDOW)


def reconcile_at_night(scene: Scene) -> str:
    """The reconciler runs once, and looks back as far as it is told to at night."""
    return _reconcile(scene, timedelta(days=30))


def _reconcile(scene: Scene, window: timedelta) -> str:
    try:
        summary = reconciliation.run(window=window)
    except Killed:
        scene.tally["reconciler: dies"] += 1
        raise
    claims.ledger(scene, summary)
    counts = ", ".join(f"{name} {n}" for name, n in sorted(summary.counts.items()))
    unfinished = f"; unfinished {summary.unfinished}" * bool(summary.unfinished)
    return f"{counts or 'nothing to do'}{unfinished}"


# --- Banks and time ---------------------------------------------------------------


def debit(scene: Scene) -> str:
    """A bank makes up its mind about a debit, before its time."""
    found = [i for i in scene.objects("payment_intent") if i["status"] == "processing"]
    intent = scene.one_of(found)
    what = scene.dice.choice(("complete", "fail"))
    actions.act(scene.engine, what, {"id": intent["id"]})
    return f"{what} {intent['id'][-4:]}"


def lapse(scene: Scene) -> str:
    """A bank lets held money go."""
    held = [
        i for i in scene.objects("payment_intent") if i["status"] == "requires_capture"
    ]
    intent = scene.one_of(held)
    actions.act(scene.engine, "expire_hold", {"id": intent["id"]})
    return intent["id"][-4:]


def wait(scene: Scene, seconds: float) -> str:
    scene.clock.advance(seconds)
    scene.engine.tick()
    return scene.clock.spoken()


def seconds(scene: Scene) -> str:
    """A moment passes."""
    return wait(scene, scene.dice.choice((1.0, 2.0, 15.0)))


def minutes(scene: Scene) -> str:
    """Some minutes pass."""
    return wait(scene, scene.dice.choice((2, 5, 11, 30)) * 60.0)


def hours(scene: Scene) -> str:
    """Some hours pass."""
    return wait(scene, scene.dice.choice((1, 3, 20)) * 3600.0)


def days(scene: Scene) -> str:
    """So long that Stripe forgets keys."""
    scene.tally["clock: a day passes"] += 1
    return wait(scene, scene.dice.choice((1.2, 2, 4, 8)) * DAY)


def set_clock(scene: Scene) -> str:
    """The app's clock is set, forward or back."""
    if not scene.profile.skew:
        raise Idle
    scene.tally["clock: set anew"] += 1
    scene.clock.set_skew(scene.dice.choice((0.0, scene.profile.skew, -3.0)))
    scene.skew_since = scene.clock.now
    return f"off by {scene.clock.skew:g} s"
