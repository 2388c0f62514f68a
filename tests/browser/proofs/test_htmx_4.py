"""The journeys on which htmx swaps most, once more with htmx 4.

The suite makes them with htmx 2, and the way from the shelf to "paid" with both.
"""

import pytest

# Imported, each is a test of this module too.
from tests.browser.test_changes import (  # noqa: F401
    test_another_quantity_is_followed_and_what_was_typed_stays,
)
from tests.browser.test_paying import (  # noqa: F401
    test_a_bank_that_asks_is_answered_in_a_box_over_the_page,
    test_grace_is_declined_and_pays_with_another_card_on_the_same_element,
)
from tests.browser.test_secrets import (  # noqa: F401
    test_nothing_that_is_stored_in_the_browser_holds_a_secret,
)
from tests.browser.test_trouble import (  # noqa: F401
    test_a_browser_that_stops_keeping_cookies_is_told_so_and_does_not_go_round,
    test_a_session_that_ended_before_the_contact_step_says_that_the_bag_is_empty,
    test_logging_in_elsewhere_after_the_element_came_is_no_hindrance_to_paying,
    test_logging_in_elsewhere_heals_by_itself_and_keeps_what_was_typed,
)


@pytest.fixture
def htmx_major():
    return 4
