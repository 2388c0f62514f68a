"""The routes: which URL calls which function, with which parameters."""

from ..charges import (
    balance,
    charges,
    disputes,
    early_fraud_warnings,
    refunds,
)
from ..checkout_sessions import (
    line_items,
    payment_pages,
    products,
    session_params,
    sessions,
)
from ..elements import customer_sessions, elements_sessions
from ..intents import (
    captures,
    confirmations,
    intent_params,
    payment_intents,
    setup_intents,
)
from ..payment_methods import (
    confirmation_tokens,
    customers,
    payment_methods,
    tokens,
)
from ..protocol import lists, search
from ..webhooks import events, webhook_endpoints
from . import account, older_routes
from .route import Route


def payments() -> list[Route]:
    at = "/payment_intents"
    one = at + "/{id}"
    read, browser = intent_params.INTENT_READ, intent_params.INTENT_CONFIRM_BROWSER
    return [
        Route("POST", at, confirmations.create, intent_params.INTENT_CREATE),
        Route("GET", at, payment_intents.list_, intent_params.INTENT_LIST),
        Route("GET", one, payment_intents.retrieve, read, read),
        Route("POST", one, confirmations.update, intent_params.INTENT_UPDATE),
        Route(
            "POST",
            one + "/confirm",
            confirmations.confirm,
            intent_params.INTENT_CONFIRM,
            browser,
        ),
        Route("POST", one + "/cancel", captures.cancel, intent_params.INTENT_CANCEL),
        Route("POST", one + "/capture", captures.capture, intent_params.INTENT_CAPTURE),
        Route(
            "POST",
            one + "/increment_authorization",
            captures.increment,
            intent_params.INTENT_INCREMENT,
        ),
    ]


def charges_and_refunds() -> list[Route]:
    return [
        Route("GET", "/charges", charges.list_, charges.LIST),
        Route("GET", "/charges/{id}", charges.retrieve),
        Route("POST", "/charges/{id}", charges.update, charges.UPDATE),
        Route("POST", "/refunds", refunds.create, refunds.CREATE),
        Route("GET", "/refunds", refunds.list_, refunds.LIST),
        Route("GET", "/refunds/{id}", refunds.retrieve),
        Route("POST", "/refunds/{id}", refunds.update, refunds.UPDATE),
        Route("POST", "/refunds/{id}/cancel", refunds.cancel),
    ]


def disputes_and_warnings() -> list[Route]:
    return [
        Route("GET", "/disputes", disputes.list_, disputes.LIST),
        Route("GET", "/disputes/{id}", disputes.retrieve),
        Route("POST", "/disputes/{id}", disputes.update, disputes.UPDATE),
        Route("POST", "/disputes/{id}/close", disputes.close),
        Route(
            "GET",
            "/radar/early_fraud_warnings",
            early_fraud_warnings.list_,
            early_fraud_warnings.LIST,
        ),
        Route("GET", "/radar/early_fraud_warnings/{id}", early_fraud_warnings.retrieve),
    ]


def account_and_balance() -> list[Route]:
    return [
        Route("GET", "/account", account.retrieve),
        Route("GET", "/accounts", account.list_, lists.PAGE + "created:range "),
        Route("GET", "/accounts/{id}", account.retrieve),
        Route("GET", "/balance", balance.total),
        Route("GET", "/balance_transactions", balance.list_, balance.LIST),
        Route("GET", "/balance_transactions/{id}", balance.retrieve),
    ]


def methods_and_tokens() -> list[Route]:
    pm = "/payment_methods"
    return [
        Route(
            "POST",
            pm,
            payment_methods.create,
            payment_methods.CREATE,
            payment_methods.CREATE,
        ),
        Route("GET", pm, payment_methods.list_, payment_methods.LIST),
        Route("GET", pm + "/{id}", payment_methods.retrieve),
        Route("POST", pm + "/{id}", payment_methods.update, payment_methods.UPDATE),
        Route(
            "POST", pm + "/{id}/attach", payment_methods.attach, payment_methods.ATTACH
        ),
        Route("POST", pm + "/{id}/detach", payment_methods.detach),
        Route("POST", "/tokens", tokens.create, tokens.CREATE, tokens.CREATE),
        Route("GET", "/tokens/{id}", tokens.retrieve, "", ""),
    ]


def shoppers() -> list[Route]:
    cus = "/customers"
    saved = payment_methods.LIST.replace("customer:str ", "")
    session = customer_sessions.CREATE
    return [
        Route("POST", cus, customers.create, customers.CREATE),
        Route("GET", cus, customers.list_, customers.LIST),
        Route("GET", cus + "/{id}", customers.retrieve),
        Route("POST", cus + "/{id}", customers.update, customers.UPDATE),
        Route("DELETE", cus + "/{id}", customers.delete),
        Route("GET", cus + "/{id}/payment_methods", payment_methods.list_, saved),
        Route("POST", "/customer_sessions", customer_sessions.create, session),
    ]


def elements_routes() -> list[Route]:
    at, table_ = "/confirmation_tokens", confirmation_tokens.CREATE
    create = confirmation_tokens.create
    return [
        Route("POST", at, create, table_, table_),
        Route("POST", "/test_helpers" + at, create, table_),
        Route("GET", at + "/{id}", confirmation_tokens.retrieve),
        Route(
            "GET",
            "/elements/sessions",
            elements_sessions.session,
            "",
            elements_sessions.SESSION,
        ),
    ]


def setting_up() -> list[Route]:
    seti = "/setup_intents"
    read = intent_params.INTENT_READ
    return [
        Route("POST", seti, setup_intents.create, intent_params.SETUP_CREATE),
        Route("GET", seti, setup_intents.list_, intent_params.SETUP_LIST),
        Route("GET", seti + "/{id}", setup_intents.retrieve, read, read),
        Route("POST", seti + "/{id}", setup_intents.update, intent_params.SETUP_UPDATE),
        Route(
            "POST",
            seti + "/{id}/confirm",
            setup_intents.confirm,
            intent_params.SETUP_CONFIRM,
            intent_params.SETUP_CONFIRM,
        ),
        Route(
            "POST",
            seti + "/{id}/cancel",
            setup_intents.cancel,
            intent_params.SETUP_CANCEL,
        ),
    ]


def webhooks() -> list[Route]:
    at = "/webhook_endpoints"
    return [
        Route("GET", "/events", events.list_, events.LIST),
        Route("GET", "/events/{id}", events.retrieve),
        Route("POST", at, webhook_endpoints.create, webhook_endpoints.CREATE),
        Route("GET", at, webhook_endpoints.list_, lists.PAGE),
        Route("GET", at + "/{id}", webhook_endpoints.retrieve),
        Route("POST", at + "/{id}", webhook_endpoints.update, webhook_endpoints.UPDATE),
        Route("DELETE", at + "/{id}", webhook_endpoints.delete),
    ]


def selling() -> list[Route]:
    cs, prod, price = "/checkout/sessions", "/products", "/prices"
    page = "/payment_pages/{id}"
    confirm, read = payment_pages.CONFIRM, payment_pages.READ
    return [
        Route("POST", cs, payment_pages.create, session_params.CREATE),
        Route("GET", cs, sessions.list_, session_params.LIST),
        Route("GET", cs + "/{id}", sessions.retrieve),
        Route("POST", cs + "/{id}", sessions.update, session_params.UPDATE),
        Route("POST", cs + "/{id}/expire", payment_pages.expire),
        Route("GET", cs + "/{id}/line_items", line_items.list_, lists.PAGE),
        Route("GET", page, payment_pages.retrieve, read, read),
        Route("POST", page + "/confirm", payment_pages.confirm, confirm, confirm),
        Route("POST", prod, products.create_product, products.PRODUCT_CREATE),
        Route("GET", prod, products.list_products, products.PRODUCT_LIST),
        Route("GET", prod + "/{id}", products.retrieve_product),
        Route("POST", prod + "/{id}", products.update_product, products.PRODUCT_UPDATE),
        Route("DELETE", prod + "/{id}", products.delete_product),
        Route("POST", price, products.create_price, products.PRICE_CREATE),
        Route("GET", price, products.list_prices, products.PRICE_LIST),
        Route("GET", price + "/{id}", products.retrieve_price),
        Route("POST", price + "/{id}", products.update_price, products.PRICE_UPDATE),
    ]


def searching() -> list[Route]:
    """Before the rest, since ``search`` would pass for an id."""
    names = {
        "payment_intents": search.payment_intents,
        "charges": search.charges,
        "customers": search.customers,
    }
    return [
        Route("GET", f"/{name}/search", handler, intent_params.SEARCH)
        for name, handler in names.items()
    ]


ROUTES = (
    *searching(),
    *payments(),
    *charges_and_refunds(),
    *disputes_and_warnings(),
    *account_and_balance(),
    *methods_and_tokens(),
    *shoppers(),
    *elements_routes(),
    *setting_up(),
    *webhooks(),
    *selling(),
    *older_routes.charges(),
)


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    for route in ROUTES:
        ids = route.match(method, path)
        if ids is not None:
            return route, ids
    return None
