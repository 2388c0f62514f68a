"""The stand-in, past all doors: as Stripe.js, the dashboard and its desk see it."""

from collections.abc import Iterator
from typing import Any

import requests

# A restricted key, so that faults which are meant for the app's secret key spare
# whoever looks on.
READER = "_".join(("rk", "test", "soak"))
IBAN, IBAN_FAILS = "AT611904300234573201", "AT861904300235473202"
CARD, CARD_DECLINED = "pm_card_visa", "pm_card_visa_chargeDeclinedInsufficientFunds"
CARD_ASKS = "pm_card_authenticationRequired"


class Standin:
    """Talks to a stand-in at ``base_url``; each thread has one of its own."""

    def __init__(self, base_url: str, publishable_key: str) -> None:
        self.base_url, self.publishable_key = base_url, publishable_key
        self.http = requests.Session()
        self.http.trust_env = False

    # --- Stripe.js ----------------------------------------------------------

    def confirm(self, secret: str, method: str, return_url: str) -> dict[str, Any]:
        """Confirm as the browser does; returns the intent as it is then."""
        return self._confirm(secret, return_url, {"payment_method": method})

    def debit(self, secret: str, iban: str, return_url: str) -> dict[str, Any]:
        """Confirm by a bank debit, which takes four seconds here."""
        at = "payment_method_data"
        data = {
            f"{at}[type]": "sepa_debit",
            f"{at}[sepa_debit][iban]": iban,
            f"{at}[billing_details][name]": "Ada",
            f"{at}[billing_details][email]": "ada@example.com",
        }
        return self._confirm(secret, return_url, data)

    def look(self, secret: str) -> dict[str, Any]:
        """The intent, as ``stripe.retrievePaymentIntent`` tells it."""
        data = {"client_secret": secret, "key": self.publishable_key}
        url = f"{self.base_url}/v1/payment_intents/{name(secret)}"
        return self.http.get(url, params=data, timeout=30).json()

    def _confirm(
        self, secret: str, return_url: str, data: dict[str, str]
    ) -> dict[str, Any]:
        data |= {
            "client_secret": secret,
            "key": self.publishable_key,
            "return_url": return_url,
        }
        url = f"{self.base_url}/v1/payment_intents/{name(secret)}/confirm"
        said = self.http.post(url, data=data, timeout=30).json()
        if "error" in said:
            return said["error"].get("payment_intent") or said
        return said

    # --- The dashboard ------------------------------------------------------

    def latest(self, what: str) -> list[dict[str, Any]]:
        """The twenty newest objects of one kind."""
        return self._page(what, {"limit": 20})["data"]

    def all(self, what: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Every object of one kind, newest first."""
        params |= {"limit": 100}
        while True:
            page = self._page(what, params)
            yield from page["data"]
            if not page["has_more"]:
                return
            params["starting_after"] = page["data"][-1]["id"]

    def _page(self, what: str, params: dict[str, Any]) -> dict[str, Any]:
        url, headers = (
            f"{self.base_url}/v1/{what}",
            {"Authorization": f"Bearer {READER}"},
        )
        return self.http.get(url, params=params, headers=headers, timeout=60).json()

    def object(self, id: str) -> dict[str, Any]:
        """One object, by the desk."""
        url = f"{self.base_url}/desk/api/objects/{id}"
        found = self.http.get(url, timeout=30).json()
        return found.get("object", {})

    # --- The desk -----------------------------------------------------------

    def act(self, action: str, **given: Any) -> dict[str, Any]:
        """Do something as the bank, or as fate. What cannot be done is ``{}``."""
        url = f"{self.base_url}/desk/api/{action}"
        answer = self.http.post(url, json=given, timeout=30)
        return answer.json() if answer.status_code == 200 else {}


def name(secret: str) -> str:
    """The intent that a client secret is of."""
    return secret.partition("_secret_")[0]
