"""The pages for when something fails: one sentence, one way on, one stylesheet."""

import pytest
from django.template.loader import render_to_string


@pytest.mark.parametrize("code", [400, 403, 404, 500])
def test_a_problem_page_needs_nothing_from_the_request(code):
    page = render_to_string(f"{code}.html")
    assert page.count("<h1>") == 1
    assert page.count("<a ") == 1
    assert "htmx_checkout/tokens.css" in page
    assert "<style" not in page
    assert "<script" not in page


@pytest.mark.django_db
def test_a_missing_page_is_shown_under_the_policy(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing on this shelf" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
