"""Disputes: the shopper's bank takes the money back, and evidence may return it.

Source: https://docs.stripe.com/disputes and /testing (dispute cards and the
evidence texts that steer the outcome).
"""

from typing import Any

from ..payment_methods import banks, cards
from ..protocol import errors, lists, metadata
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import balance, early_fraud_warnings

KIND = "dispute"
FEE = 2000
RESPONSE_SECONDS = 7 * 24 * 3600

EVIDENCE = (
    "access_activity_log billing_address cancellation_policy "
    "cancellation_policy_disclosure cancellation_rebuttal customer_communication "
    "customer_email_address customer_name customer_purchase_ip customer_signature "
    "duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id "
    "product_description receipt refund_policy refund_policy_disclosure "
    "refund_refusal_explanation service_date service_documentation shipping_address "
    "shipping_carrier shipping_date shipping_documentation shipping_tracking_number "
    "uncategorized_file uncategorized_text"
).split()
LIST = lists.PAGE + "charge:str created:range payment_intent:str "
UPDATE = (
    f"evidence{{{' '.join(f'{name}:str~' for name in EVIDENCE)} enhanced_evidence:any "
    "appeal:any} intended_submission_method:manual|prefer_manual|"
    "prefer_smart_disputes|smart_disputes metadata:metadata~ submit:bool"
)

ANSWERABLE = ("needs_response", "warning_needs_response")
# Network codes of https://docs.stripe.com/disputes/categories.
NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1"}


def follow(world: World, charge: Object) -> None:
    """Open whatever the test card or account of ``charge`` is known for."""
    card = cards.BY_TOKEN.get(charge["_card"] or "")
    account = banks.ACCOUNTS.get(charge.get("_account", ""))
    kind = card.dispute if card else ""
    if account and account.result == "disputed":
        kind = "debit_not_authorized"
    if kind == "warning":
        early_fraud_warnings.open_(world, charge)
    elif kind == "inquiry":
        open_(world, charge, "fraudulent", inquiry=True)
    elif kind == "several":
        half = charge["amount"] // 2
        open_(world, charge, "fraudulent", amount=half)
        open_(world, charge, "fraudulent", amount=charge["amount"] - half)
    elif kind:
        open_(world, charge, kind)


def open_(
    world: World,
    charge: Object,
    reason: str,
    *,
    inquiry: bool = False,
    amount: int | None = None,
) -> Object:
    """Open a dispute; unless it is an inquiry the money leaves at once.

    ``amount`` is in minor units, the whole charge when left out.
    """
    dispute = blank(world, charge, reason) | {
        "amount": charge["amount"] if amount is None else amount,
        "is_charge_refundable": inquiry,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }
    dispute["payment_method_details"] = how(charge, reason, inquiry)
    world.store.put(dispute)
    charge["disputed"] = True
    events.emit(world, "charge.dispute.created", dispute)
    if not inquiry:
        withdraw(world, dispute)
    return dispute


def blank(world: World, charge: Object, reason: str) -> Object:
    nothing = dict.fromkeys(EVIDENCE)
    return {
        "id": world.ids.make("du_1"),
        "object": KIND,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": world.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**nothing, "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": world.now() + RESPONSE_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": "manual",
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
    }


def how(charge: Object, reason: str, inquiry: bool) -> dict[str, Any] | None:
    details = charge["payment_method_details"] or {}
    if details.get("type") != "card":
        return None
    card = {
        "brand": details["card"]["brand"],
        "case_type": "inquiry" if inquiry else "chargeback",
        "network": details["card"]["brand"],
        "network_reason_code": NETWORK_CODES.get(reason, "10.4"),
    }
    return {"card": card, "type": "card"}


def withdraw(world: World, dispute: Object) -> None:
    amount = -dispute["amount"]
    booked = balance.post(world, "adjustment", "dispute", amount, dispute, FEE)
    dispute["balance_transactions"] = [booked]
    events.emit(world, "charge.dispute.funds_withdrawn", dispute)


def find(world: World, id: str) -> Object:
    dispute = world.store.get(KIND, id)
    if dispute is None:
        raise errors.absent("dispute", id, "dispute")
    return dispute


def retrieve(world: World, call: Call) -> Object:
    return find(world, call.id)


def list_(world: World, call: Call) -> Object:
    found = [
        dispute
        for dispute in world.store.newest(KIND)
        if all(
            dispute[name] == call.params[name]
            for name in ("charge", "payment_intent")
            if name in call
        )
    ]
    return lists.page(world, found, call)


def update(world: World, call: Call) -> Object:
    """Add evidence and, unless ``submit`` is false, send it to the bank."""
    dispute = find(world, call.id)
    if "evidence" in call:
        require_open(dispute)
    if "metadata" in call:
        dispute["metadata"] = metadata.merge(
            dispute["metadata"], call.params["metadata"]
        )
    if "intended_submission_method" in call:
        chosen = call.params["intended_submission_method"]
        dispute["intended_submission_method"] = chosen
    if "evidence" in call:
        dispute["evidence"] |= call.params["evidence"]
        dispute["evidence_details"]["has_evidence"] = True
        if call.get("submit", True):
            submit(world, dispute)
            return dispute
    events.emit(world, "charge.dispute.updated", dispute)
    return dispute


def submit(world: World, dispute: Object) -> None:
    """The bank reads the evidence, and three texts decide what it says."""
    inquiry = dispute["status"] == "warning_needs_response"
    dispute["evidence_details"]["submission_count"] += 1
    dispute["evidence_details"]["submission_method"] = "manual"
    text = dispute["evidence"]["uncategorized_text"]
    if inquiry and text == "escalate_inquiry_evidence":
        escalate(world, dispute)
        return
    dispute["status"] = "warning_under_review" if inquiry else "under_review"
    events.emit(world, "charge.dispute.updated", dispute)
    if text == "winning_evidence":
        decide(world, dispute, "warning_closed" if inquiry else "won")
    elif text == "losing_evidence":
        decide(world, dispute, "warning_closed" if inquiry else "lost")


def escalate(world: World, dispute: Object) -> None:
    """An inquiry becomes a chargeback."""
    dispute["status"], dispute["is_charge_refundable"] = "needs_response", False
    dispute["payment_method_details"]["card"]["case_type"] = "chargeback"
    events.emit(world, "charge.dispute.updated", dispute)
    withdraw(world, dispute)


def decide(world: World, dispute: Object, status: str) -> None:
    """Close the dispute: ``won``, ``lost`` or ``warning_closed``."""
    dispute["status"] = status
    events.emit(world, "charge.dispute.closed", dispute)
    if status == "won":
        amount = dispute["amount"]
        booked = balance.post(world, "adjustment", "dispute_reversal", amount, dispute)
        dispute["balance_transactions"] = [*dispute["balance_transactions"], booked]
        events.emit(world, "charge.dispute.funds_reinstated", dispute)


def close(world: World, call: Call) -> Object:
    """Accept the loss, for good."""
    dispute = find(world, call.id)
    require_open(dispute)
    inquiry = dispute["status"].startswith("warning")
    decide(world, dispute, "warning_closed" if inquiry else "lost")
    return dispute


def require_open(dispute: Object) -> None:
    if dispute["status"] not in ANSWERABLE:
        message = (
            f"This dispute has a status of {dispute['status']} and can no longer be "
            "answered."
        )
        raise errors.ApiError(400, message, saved=True)


def blocks_refund(world: World, charge: Object) -> bool:
    """Whether the money of ``charge`` has already gone back by a dispute."""
    return any(
        dispute["charge"] == charge["id"]
        and not dispute["is_charge_refundable"]
        and dispute["status"] != "won"
        for dispute in world.store.newest(KIND)
    )
