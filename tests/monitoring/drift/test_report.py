"""Evidently's judgement against SciPy's distance, and what it says of weather that did and did not change."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import wasserstein_distance

from weather_assets.monitoring.drift.report import judge
from weather_assets.monitoring.drift.samples import Samples

pytestmark = pytest.mark.slow


def of(shift: float) -> Samples:
    random = np.random.default_rng(5)
    reference = pd.DataFrame({name: 3 * random.standard_normal(460) for name in ("air_temperature_c", "wind_speed_ms")})
    current = pd.DataFrame({name: 3 * random.standard_normal(46) for name in reference.columns})
    current["air_temperature_c"] += 3 * shift
    current.loc[40:, "wind_speed_ms"] = np.nan
    return Samples(current, reference)


@pytest.mark.parametrize(("shift", "drifted"), [(0.0, False), (0.4, False), (1.3, True)])
def test_the_score_is_the_distance_in_deviations(shift: float, drifted: bool) -> None:
    samples = of(shift)
    judgement = judge(samples)
    for name, score in judgement.scores.items():
        reference = samples.reference[name]
        distance = wasserstein_distance(samples.current[name].dropna(), reference) / reference.std()
        assert score == pytest.approx(distance, rel=0.01)
    assert judgement.drifted("air_temperature_c") is drifted
    assert judgement.drifted("wind_speed_ms") is False
    assert judgement.any_drifted is drifted


def test_the_report_is_complete_in_itself() -> None:
    html = judge(of(0.0)).html()
    assert html is not None
    text = html.decode()
    assert "air_temperature_c" in text
    assert "<script src=" not in text
    assert '<link rel="stylesheet" href="http' not in text


def test_nothing_to_judge_gives_no_scores_and_no_report() -> None:
    judgement = judge(Samples(pd.DataFrame(), pd.DataFrame()))
    assert judgement.scores == {}
    assert judgement.html() is None
