"""Parameter tables of the intents and their neighbours.

Source: https://docs.stripe.com/api/payment_intents, /setup_intents. Names
behind ``@`` were retired by the version of that date.
"""

from ..payment_methods import payment_methods
from ..payment_methods.customers import SHIPPING
from ..protocol import lists, texts

ENDIVE = "@2026-09-30"

CAPTURE_METHOD = "capture_method:automatic|automatic_async|manual "
USAGE = "setup_future_usage:off_session|on_session"
DATA = f"payment_method_data{{{payment_methods.DATA}}} "
TYPES = (
    "allowed_payment_method_types[]:str excluded_payment_method_types[]:str~ "
    f"payment_method_types[]:str{ENDIVE} "
)
RARE = (
    "amount_details:any~ application_fee_amount:int~ hooks:any payment_details:any~ "
    "transfer_data:any transfer_group:str "
)
AUTOMATIC = "automatic_payment_methods{allow_redirects:always|never enabled:bool!} "
CONFIRM_ONLY = (
    "confirmation_token:str error_on_requires_action:bool mandate:str "
    "mandate_data:any~ off_session:true|false|one_off|recurring return_url:url "
    "radar_options:any use_stripe_sdk:bool "
)
WHO = "customer:str customer_account:str description:str~ on_behalf_of:str "

INTENT_CREATE = (
    f"amount:int! currency:str! confirm:bool confirmation_method:automatic|manual "
    f"metadata:metadata payment_method:str payment_method_configuration:str "
    f"payment_method_options:any receipt_email:str {USAGE} source:str@2020-08-27 "
    f"save_payment_method:bool@2022-11-15 "
    + (TYPES + RARE + texts.DESCRIPTORS + AUTOMATIC + CONFIRM_ONLY + WHO)
    + (CAPTURE_METHOD + DATA + SHIPPING.replace("~{", "{"))
)
INTENT_UPDATE = (
    f"amount:int currency:str metadata:metadata~ payment_method:str "
    f"payment_method_configuration:str payment_method_options:any receipt_email:str~ "
    f"{USAGE}~ "
    + (TYPES + RARE + texts.DESCRIPTORS + WHO.replace("on_behalf_of:str", ""))
    + (CAPTURE_METHOD + DATA + SHIPPING)
)
INTENT_CONFIRM = (
    f"client_secret:str amount_to_confirm:int payment_method:str "
    f"payment_method_options:any receipt_email:str~ {USAGE}~ "
    f"amount_details:any~ hooks:any payment_details:any~ "
    + (TYPES + CONFIRM_ONLY + CAPTURE_METHOD + DATA + SHIPPING)
)
# What a browser may say when it confirms; no amounts, no metadata.
INTENT_CONFIRM_BROWSER = (
    f"client_secret:str! payment_method:str confirmation_token:str return_url:url "
    f"payment_method_options:any receipt_email:str~ {USAGE}~ mandate_data:any~ "
    "use_stripe_sdk:bool radar_options:any expected_payment_method_type:str "
    "save_payment_method:bool set_as_default_payment_method:bool "
    "source_data:any " + DATA + SHIPPING
)
INTENT_CAPTURE = (
    "amount_to_capture:int final_capture:bool metadata:metadata~ "
    "amount_details:any application_fee_amount:int hooks:any payment_details:any~ "
    "transfer_data:any " + texts.DESCRIPTORS
)
INTENT_CANCEL = (
    "cancellation_reason:abandoned|duplicate|fraudulent|requested_by_customer"
)
INTENT_INCREMENT = (
    "amount:int! amount_details:any application_fee_amount:int description:str "
    "hooks:any metadata:metadata payment_details:any statement_descriptor:descriptor "
    "transfer_data:any "
)
INTENT_LIST = lists.PAGE + "created:range customer:str customer_account:str "
INTENT_READ = "client_secret:str "

SETUP_CREATE = (
    "attach_to_self:bool confirm:bool flow_directions[]:inbound|outbound "
    "metadata:metadata payment_method:str payment_method_configuration:str "
    "payment_method_options:any single_use{amount:int! currency:str!} "
    "usage:off_session|on_session return_url:url mandate_data:any~ "
    "use_stripe_sdk:bool confirmation_token:str " + (TYPES + AUTOMATIC + WHO + DATA)
)
SETUP_UPDATE = (
    "attach_to_self:bool flow_directions[]:inbound|outbound metadata:metadata~ "
    "payment_method:str payment_method_configuration:str payment_method_options:any "
    + (TYPES + WHO.replace("on_behalf_of:str", "") + DATA)
)
SETUP_CONFIRM = (
    "client_secret:str confirmation_token:str mandate_data:any~ payment_method:str "
    "payment_method_options:any return_url:url use_stripe_sdk:bool "
    "allowed_payment_method_types[]:str radar_options:any "
    "expected_payment_method_type:str " + DATA
)
SETUP_CANCEL = "cancellation_reason:abandoned|duplicate|requested_by_customer"
SETUP_LIST = lists.PAGE + (
    "attach_to_self:bool created:range customer:str customer_account:str "
    "payment_method:str "
)
SEARCH = "limit:int page:str query:str!"
