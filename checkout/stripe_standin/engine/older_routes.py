"""URLs of clients that are older than payment intents: direct charges and cards.

Source: https://docs.stripe.com/api/charges/create and /api/cards.
"""

from ..charges import direct_charges
from ..payment_methods import card_sources
from ..protocol import lists
from .route import Route


def charges() -> list[Route]:
    return [
        Route("POST", "/charges", direct_charges.create, direct_charges.CREATE),
        Route(
            "POST",
            "/charges/{id}/capture",
            direct_charges.capture,
            direct_charges.CAPTURE,
        ),
        Route(
            "POST",
            "/charges/{id}/refund",
            direct_charges.refunded,
            direct_charges.REFUND,
        ),
        Route(
            "POST",
            "/charges/{id}/refunds",
            direct_charges.refund,
            direct_charges.REFUND,
        ),
        Route("GET", "/charges/{id}/refunds", direct_charges.refunds_of, lists.PAGE),
        *cards(),
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
