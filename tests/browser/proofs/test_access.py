"""Every state at both widths, in both schemes."""

import pytest

from tests.browser.states import STATES, look, reach, too_wide, violations


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_state_is_for_everybody(ada, watch, state):
    reach(ada, watch, state)
    for width in (320, 1280):
        look(ada.page, width, "light")
        assert not too_wide(ada.page), f"It scrolls sideways at {width}."
        assert violations(ada.page) == [], f"light, {width} px"
        # The dark scheme changes colours and nothing else.
        look(ada.page, width, "dark")
        assert violations(ada.page, runOnly=["color-contrast"]) == [], f"dark, {width}"
