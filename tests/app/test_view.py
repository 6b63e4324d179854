"""Numbers as the pages write them."""

import pytest

from streamlit_app.view import whole


@pytest.mark.parametrize(("value", "text"), [(-0.4, "0"), (11.6, "12"), (-3.7, "-4"), (float("nan"), "-")])
def test_a_number_without_decimals_or_a_dash(value: float, text: str) -> None:
    assert whole(value) == text
