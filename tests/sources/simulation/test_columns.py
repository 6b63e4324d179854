import numpy as np
import pytest

from weather_assets.sources.simulation.columns import column, number_texts


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("ta", -0.04, "0"), ("ta", 0.9, ".9"), ("ta", -0.9, "-.9"), ("ta", 28.0, "28"), ("ta", 10.0, "10"),
        ("ta", -10.52, "-10.5"), ("icsr", 0.07, ".07"), ("icsr", 1.4, "1.4"), ("vs", 20_000.0, "2000"),
        ("lcs_ch", 1_249.0, "12"), ("wd", 360.0, "360"), ("hm", 0.0, "0"),
    ],
)  # fmt: skip
def test_a_number_is_written_in_the_style_and_unit_of_the_portal(code: str, value: float, text: str) -> None:
    assert number_texts(code, column(code, np.array([value]))).to_pylist() == [text]
