"""Incidents are closed from the admin, with a reason."""

import pytest

from htmx_checkout.models import (
    AuditEntry,
)
from tests.support.staff import press, url

pytestmark = pytest.mark.django_db


def test_an_incident_is_closed_with_a_reason_in_a_persons_name(open_incident, olive):
    assert "Closed: paid back" in press(
        olive, open_incident, "close", reason="paid back"
    )
    open_incident.refresh_from_db()
    assert open_incident.closed_by == "olive"
    assert open_incident.resolution == "paid back"
    entry = AuditEntry.objects.get(what="incident")
    assert (entry.after, entry.cause, entry.caused_by) == ("closed", "staff", "olive")


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_incident_is_not_closed_without_a_reason(open_incident, olive, reason):
    page = olive.post(url(open_incident, "close"), {"reason": reason})
    assert page.status_code == 422
    open_incident.refresh_from_db()
    assert open_incident.closed_at is None
