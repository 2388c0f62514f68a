"""A stale CSRF token: refused, and nothing that was typed is lost."""

import re

import pytest
from django.test import Client

from htmx_checkout.models import Order
from tests.support.cast import ADA

pytestmark = pytest.mark.django_db


URL = "/checkout/payment/"


@pytest.fixture
def ada(till):
    client = Client(enforce_csrf_checks=True)
    session = client.session
    session["order_total"] = 4200
    session.save()
    return client


def post(client, headers=None, **data):
    return client.post(URL, {"email": ADA} | data, headers=headers or {})


def test_a_post_without_a_token_makes_no_order_s7(ada):
    assert post(ada).status_code == 403
    assert not Order.objects.exists()


def test_htmx_gets_its_form_back_with_a_fresh_token_that_works_f71(ada):
    response = post(ada, {"HX-Request": "true", "X-CSRFToken": "stale" * 6})
    html = response.content.decode()
    token = re.search(r'"X-CSRFToken": "(\w+)"', html)[1]
    assert response.status_code == 403
    assert response["HX-Retarget"] == "#step"
    assert f'value="{ADA}"' in html
    assert 'hx-trigger="load, submit"' in html
    healed = post(ada, {"HX-Request": "true", "X-CSRFToken": token}, healed="1")
    assert healed.status_code == 200
    assert Order.objects.get().email == ADA


def test_without_cookies_it_says_so_and_does_not_loop_f71(ada):
    headers = {"HX-Request": "true", "X-CSRFToken": "stale" * 6}
    html = post(ada, headers, healed="1").content.decode()
    assert "keeps no cookies" in html
    assert "hx-trigger" not in html


def test_a_plain_form_gets_a_page_that_keeps_the_email(ada):
    html = post(ada).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
    assert f'value="{ADA}"' in html
    assert post(ada, csrfmiddlewaretoken=token).status_code == 200


def test_a_script_gets_json_with_a_fresh_token_that_works(ada):
    asks = {"Accept": "application/json"}
    error = post(ada, asks).json()["error"]
    assert error["code"] == "csrf_stale"
    again = post(ada, asks | {"X-CSRFToken": error["csrfToken"]})
    assert "clientSecret" in again.json()


def test_htmx_outside_of_the_checkout_reloads_its_page(ada):
    response = ada.post("/currency/", headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert response["HX-Refresh"] == "true"


def test_what_was_typed_comes_back_escaped_s10(ada):
    headers = {"HX-Request": "true"}
    html = ada.post(URL, {"email": '"><script>x'}, headers=headers).content.decode()
    assert "<script>x" not in html


@pytest.mark.parametrize(
    "foreign",
    [{"Origin": "https://mallory.example"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=lambda headers: next(iter(headers)),
)
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}], ids=["form", "htmx"])
def test_what_mallorys_page_sent_is_not_given_back_to_be_sent_again_s7(
    ada, foreign, htmx
):
    response = post(ada, foreign | htmx)
    assert response.status_code == 403
    assert ADA not in response.content.decode()
    assert response.headers.get("HX-Refresh") == htmx.get("HX-Request")
