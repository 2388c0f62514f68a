"""What a Checkout Session may be asked for, and what is refused beforehand.

Source: https://docs.stripe.com/api/checkout/sessions/create.
"""

from urllib.parse import urlsplit

from ..payment_methods import payment_methods
from ..protocol import errors, lists, texts
from ..protocol.call import Call
from ..world.world import World
from . import line_items, shipping_rates

LIFE_SECONDS = 24 * 3600
MIN_LIFE_SECONDS = 30 * 60
# The newer names, and those from before 2026-03-25.
UI_MODES = {
    "hosted": "hosted_page",
    "embedded": "embedded_page",
    "custom": "elements",
}
UI = "hosted_page|embedded_page|elements|form|hosted|embedded|custom"

SHIPPING = (
    f"shipping{{address!{{{payment_methods.ADDRESS}}} carrier:str name:str! phone:str "
    "tracking_number:str} "
)
INTENT_DATA = (
    "payment_intent_data{application_fee_amount:int description:str~ "
    "capture_method:automatic|automatic_async|manual metadata:metadata~ "
    "on_behalf_of:str receipt_email:str setup_future_usage:off_session|on_session~ "
    f"transfer_data:any transfer_group:str {texts.DESCRIPTORS} {SHIPPING}}} "
)
CREATE = (
    f"""
adaptive_pricing:any after_expiration:any allow_promotion_codes:bool
allowed_payment_method_types[]:str automatic_tax{{enabled:bool! liability:any}}
billing_address_collection:auto|required branding_settings:any cancel_url:str
client_reference_id:str consent_collection:any currency:str custom_fields[]:any
custom_text:any customer:str customer_account:str
customer_creation:always|if_required customer_email:str customer_update:any
discounts[]{{coupon:str promotion_code:str}} excluded_payment_method_types[]:str
expires_at:int integration_identifier:str invoice_creation:any
line_items[]{{{line_items.LINE}}} locale:str managed_payments:any metadata:metadata
mode:payment|setup|subscription name_collection:any optional_items[]:any
origin_context:mobile_app|web payment_method_collection:always|if_required
payment_method_configuration:str payment_method_data:any payment_method_options:any
payment_method_types[]:str@2026-09-30 permissions:any
phone_number_collection{{enabled:bool!}} redirect_on_completion:always|if_required|never
return_url:str saved_payment_method_options:any setup_intent_data:any
shipping_address_collection{{allowed_countries[]:str!}}
shipping_options[]{{{shipping_rates.OPTION}}}
submit_type:auto|book|donate|pay|subscribe subscription_data:any success_url:str
tax_id_collection:any ui_mode:{UI} wallet_options:any
"""
    + INTENT_DATA
)
UPDATE = (
    f"collected_information:any line_items[]{{{line_items.LINE} id:str}} "
    f"metadata:metadata~ shipping_options[]{{{shipping_rates.OPTION}}} " + INTENT_DATA
)
LIST = lists.PAGE + (
    "created:range customer:str customer_account:str customer_details{email:str!} "
    "payment_intent:str payment_link:str status:complete|expired|open "
    "subscription:str "
)


def check(world: World, call: Call) -> None:
    """What can be refused before anything is made."""
    if call.get("mode", "payment") != "payment":
        message = (
            f"The stand-in has no {call.params['mode']} mode; it models one-time "
            "payments."
        )
        raise errors.invalid(message, "mode")
    if not call.get("line_items"):
        raise errors.missing("line_items")
    if "customer" in call and "customer_email" in call:
        raise errors.exclusive(["customer", "customer_email"])
    customer = call.get("customer")
    if customer and world.store.get("customer", customer) is None:
        raise errors.absent("customer", customer, "customer")
    for row in call.get("discounts", []):
        name = "coupon" if "coupon" in row else "promotion_code"
        raise errors.absent(name, row.get(name, ""), f"discounts[0][{name}]")
    check_urls(call)
    check_life(world, call)


def check_urls(call: Call) -> None:
    hosted = ui_mode(call) == "hosted_page"
    for name in ("success_url", "cancel_url", "return_url"):
        if name in call and not urlsplit(call.params[name]).scheme:
            raise errors.invalid("Not a valid URL", name, code="url_invalid")
    if hosted and "success_url" not in call:
        raise errors.missing("success_url")
    if not hosted:
        for name in ("success_url", "cancel_url"):
            if name in call:
                message = f"`{name}` can not be used with this `ui_mode`."
                raise errors.invalid(message, name)
        if "return_url" not in call and call.get("redirect_on_completion") != "never":
            raise errors.missing("return_url")


def check_life(world: World, call: Call) -> None:
    left = call.get("expires_at", world.now() + LIFE_SECONDS) - world.now()
    if not MIN_LIFE_SECONDS <= left <= LIFE_SECONDS:
        message = (
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 "
            "hours from Checkout Session creation."
        )
        raise errors.invalid(message, "expires_at")


def ui_mode(call: Call) -> str:
    mode: str = call.get("ui_mode", "hosted_page")
    return UI_MODES.get(mode, mode)
