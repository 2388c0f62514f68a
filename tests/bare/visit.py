"""Ada pays $42.00 in the project that stands here; it has the lines of README.md."""

import re
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import django
from django.core.management import call_command
from django.db import connection
from django.test import Client

from htmx_checkout.conf import conf

django.setup()
call_command("migrate", verbosity=0)
ada = Client(SERVER_NAME="localhost")
page = ada.get("/buy/", follow=True)
assert "$42.00" in page.text, page.text

htmx, contact = {"HX-Request": "true"}, {"email": "ada@example.com"}
till = ada.post("/checkout/payment/", contact, headers=htmx).text
secret = re.search('data-secret="(.+?)"', till)[1]
intent = secret.split("_secret_")[0]
back = re.search('data-return="(.+?)"', till)[1]

card = {"payment_method": "pm_card_visa", "client_secret": secret, "return_url": back}
urlopen(
    Request(
        f"{conf().api_base}/v1/payment_intents/{intent}/confirm",
        urlencode(card).encode(),
        {"Authorization": f"Bearer {conf().publishable_key}"},
    )
).close()
paid = ada.get(back, {"payment_intent": intent}, follow=True)
assert "Paid. Thank you" in paid.text, paid.text
assert "order_total" not in ada.session

print("Tables:", *sorted(connection.introspection.table_names()))
