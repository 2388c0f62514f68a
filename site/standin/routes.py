"""Which URL leads to which function, with which parameters, for whom."""

from typing import Any

from standin import (
    account,
    balance,
    captures,
    card_sources,
    charges,
    confirmation_tokens,
    confirms,
    customer_sessions,
    customers,
    disputes,
    elements,
    endpoints,
    events,
    intents,
    legacy,
    line_items,
    lists,
    methods,
    payment_pages,
    products,
    refunds,
    search,
    session_params,
    sessions,
    setups,
    specs,
    tokens,
)
from standin.call import Call
from standin.route import Route
from standin.world import World


def payments() -> list[Route]:
    at = "/payment_intents"
    one = at + "/{id}"
    read, browser = specs.INTENT_READ, specs.INTENT_CONFIRM_BROWSER
    return [
        Route("POST", at, confirms.create, specs.INTENT_CREATE),
        Route("GET", at, intents.list_, specs.INTENT_LIST),
        Route("GET", one, intents.retrieve, read, read),
        Route("POST", one, confirms.update, specs.INTENT_UPDATE),
        Route(
            "POST", one + "/confirm", confirms.confirm, specs.INTENT_CONFIRM, browser
        ),
        Route("POST", one + "/cancel", captures.cancel, specs.INTENT_CANCEL),
        Route("POST", one + "/capture", captures.capture, specs.INTENT_CAPTURE),
        Route(
            "POST",
            one + "/increment_authorization",
            captures.increment,
            specs.INTENT_INCREMENT,
        ),
    ]


def money() -> list[Route]:
    return [
        Route("GET", "/charges", charges.list_, charges.LIST),
        Route("GET", "/charges/{id}", charges.retrieve),
        Route("POST", "/charges/{id}", charges.update, charges.UPDATE),
        Route("POST", "/refunds", refunds.create, refunds.CREATE),
        Route("GET", "/refunds", refunds.list_, refunds.LIST),
        Route("GET", "/refunds/{id}", refunds.retrieve),
        Route("POST", "/refunds/{id}", refunds.update, refunds.UPDATE),
        Route("POST", "/refunds/{id}/cancel", refunds.cancel),
        Route("GET", "/disputes", disputes.list_, disputes.LIST),
        Route("GET", "/disputes/{id}", disputes.retrieve),
        Route("POST", "/disputes/{id}", disputes.update, disputes.UPDATE),
        Route("POST", "/disputes/{id}/close", disputes.close),
        Route("GET", "/balance", balance.total),
        Route("GET", "/balance_transactions", balance.list_, balance.LIST),
        Route("GET", "/balance_transactions/{id}", balance.retrieve),
    ]


def shoppers() -> list[Route]:
    pm, cus = "/payment_methods", "/customers"
    saved = methods.LIST.replace("customer:str ", "")
    session = customer_sessions.CREATE
    return [
        Route("POST", pm, methods.create, methods.CREATE, methods.CREATE),
        Route("GET", pm, methods.list_, methods.LIST),
        Route("GET", pm + "/{id}", methods.retrieve),
        Route("POST", pm + "/{id}", methods.update, methods.UPDATE),
        Route("POST", pm + "/{id}/attach", methods.attach, methods.ATTACH),
        Route("POST", pm + "/{id}/detach", methods.detach),
        Route("POST", cus, customers.create, customers.CREATE),
        Route("GET", cus, customers.list_, customers.LIST),
        Route("GET", cus + "/{id}", customers.retrieve),
        Route("POST", cus + "/{id}", customers.update, customers.UPDATE),
        Route("DELETE", cus + "/{id}", customers.delete),
        Route("GET", cus + "/{id}/payment_methods", methods.list_, saved),
        Route("POST", "/customer_sessions", customer_sessions.create, session),
        Route("POST", "/tokens", tokens.create, tokens.CREATE, tokens.CREATE),
        Route("GET", "/tokens/{id}", tokens.retrieve, "", ""),
        *confirmations(),
    ]


def confirmations() -> list[Route]:
    at, table_ = "/confirmation_tokens", confirmation_tokens.CREATE
    create = confirmation_tokens.create
    return [
        Route("POST", at, create, table_, table_),
        Route("POST", "/test_helpers" + at, create, table_),
        Route("GET", at + "/{id}", confirmation_tokens.retrieve),
        Route("GET", "/elements/sessions", elements.session, "", elements.SESSION),
    ]


def keeping() -> list[Route]:
    at, seti = "/webhook_endpoints", "/setup_intents"
    read = specs.INTENT_READ
    return [
        Route("POST", seti, setups.create, specs.SETUP_CREATE),
        Route("GET", seti, setups.list_, specs.SETUP_LIST),
        Route("GET", seti + "/{id}", setups.retrieve, read, read),
        Route("POST", seti + "/{id}", setups.update, specs.SETUP_UPDATE),
        Route(
            "POST",
            seti + "/{id}/confirm",
            setups.confirm,
            specs.SETUP_CONFIRM,
            specs.SETUP_CONFIRM,
        ),
        Route("POST", seti + "/{id}/cancel", setups.cancel, specs.SETUP_CANCEL),
        Route("GET", "/events", events.list_, events.LIST),
        Route("GET", "/events/{id}", events.retrieve),
        Route("POST", at, endpoints.create, endpoints.CREATE),
        Route("GET", at, list_endpoints, lists.PAGE),
        Route("GET", at + "/{id}", endpoints.retrieve),
        Route("POST", at + "/{id}", endpoints.update, endpoints.UPDATE),
        Route("DELETE", at + "/{id}", endpoints.delete),
    ]


def list_warnings(world: World, call: Call) -> dict[str, Any]:
    return lists.page(world, world.store.newest(disputes.WARNING), call)


def list_endpoints(world: World, call: Call) -> dict[str, Any]:
    return lists.page(world, world.store.newest(endpoints.KIND), call)


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
        Route("GET", f"/{name}/search", handler, specs.SEARCH)
        for name, handler in names.items()
    ]


def older() -> list[Route]:
    return [
        Route("POST", "/charges", legacy.create, legacy.CREATE),
        Route("POST", "/charges/{id}/capture", legacy.capture, legacy.CAPTURE),
        Route("POST", "/charges/{id}/refund", legacy.refunded, legacy.REFUND),
        Route("POST", "/charges/{id}/refunds", legacy.refund, legacy.REFUND),
        Route("GET", "/charges/{id}/refunds", legacy.refunds_of, lists.PAGE),
        *cards(),
        Route("GET", "/account", account.retrieve),
        Route("GET", "/accounts", account.list_, lists.PAGE + "created:range "),
        Route("GET", "/accounts/{id}", account.retrieve),
        Route("GET", "/radar/early_fraud_warnings", list_warnings, disputes.LIST),
        Route("GET", "/radar/early_fraud_warnings/{id}", disputes.retrieve_warning),
    ]


def cards() -> list[Route]:
    at = "/customers/{id}/sources"
    one = at + "/{card}"
    return [
        Route("POST", at, card_sources.create, card_sources.CREATE),
        Route("GET", at, card_sources.list_, card_sources.LIST),
        Route("GET", one, card_sources.retrieve),
        Route("POST", one, card_sources.update, card_sources.UPDATE),
        Route("DELETE", one, card_sources.delete),
    ]


ROUTES = (
    *searching(),
    *payments(),
    *money(),
    *shoppers(),
    *keeping(),
    *selling(),
    *older(),
)


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    for route in ROUTES:
        ids = route.match(method, path)
        if ids is not None:
            return route, ids
    return None
