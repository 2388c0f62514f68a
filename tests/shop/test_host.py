"""The shop as a host of the checkout: it says what is bought, and fulfils."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import RequestFactory

from htmx_checkout.models import Order
from htmx_checkout.signals import bag_taken, order_paid
from shop.bag import Bag
from shop.models import Parcel
from shop.source import draft


@pytest.fixture
def request_of_ada():
    request = RequestFactory().get("/checkout/")
    request.session, request.user = {}, AnonymousUser()
    return request


@pytest.fixture
def paid_order():
    lines = [{"name": "Fountain pen", "quantity": 2, "amount": 3600}]
    return Order(reference="FQ-7K2M9", email="ada@example.com", lines=lines)


def test_an_empty_bag_is_no_draft(request_of_ada):
    assert draft(request_of_ada) is None


def test_the_draft_says_what_is_in_the_bag(request_of_ada):
    bag = Bag(request_of_ada.session)
    bag.set("notebook", 2)
    bag.add("ink")
    bag.switch("eur")
    made = draft(request_of_ada)
    assert made.currency == "eur"
    assert made.total.amount == request_of_ada.session["order_total"] == 4450
    notebook = made.lines[0]
    assert (notebook.name, notebook.amount, notebook.quantity, notebook.reference) == (
        "Linen notebook",
        1650,
        2,
        "notebook",
    )
    assert notebook.image.endswith(".svg")


def test_a_shopper_who_is_logged_in_need_not_type_her_address(request_of_ada):
    Bag(request_of_ada.session).add("ink")
    request_of_ada.user = User(username="ada", email="ada@example.com")
    assert draft(request_of_ada).email == "ada@example.com"


@pytest.mark.django_db
def test_a_paid_order_becomes_one_parcel_however_often_it_is_told(paid_order):
    for _ in range(2):
        order_paid.send(sender=Order, order=paid_order)
    parcel = Parcel.objects.get()
    assert (parcel.reference, parcel.email) == ("FQ-7K2M9", "ada@example.com")
    assert parcel.slip == "2 Fountain pen"


def test_the_bag_is_emptied_when_the_shopper_sees_that_it_is_paid(
    request_of_ada, paid_order
):
    bag = Bag(request_of_ada.session)
    bag.set("pen", 2)
    bag_taken.send(sender=Order, request=request_of_ada, order=paid_order)
    assert bag.count == 0


@pytest.mark.django_db
def test_the_packer_marks_a_parcel_in_the_admin(admin_client):
    parcel = Parcel.objects.create(reference="FQ-7K2M9")
    sent = {"action": "mark_as_packed", "_selected_action": [parcel.pk]}
    admin_client.post("/admin/shop/parcel/", sent)
    parcel.refresh_from_db()
    assert parcel.packed_at is not None


@pytest.mark.django_db
def test_nobody_makes_a_parcel_by_hand(admin_client):
    assert admin_client.get("/admin/shop/parcel/add/").status_code == 403
