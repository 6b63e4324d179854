import numpy as np
import pytest

from weather_assets.sources.simulation.fronts import fronts


def test_behind_a_front_it_is_cold_and_the_wind_turns_to_north_west() -> None:
    hours = np.arange(0.0, 200_000.0)
    effects = fronts(0, hours)
    assert effects.warmth.mean() == pytest.approx(0.0, abs=0.05)
    assert effects.pressure.mean() == pytest.approx(0.0, abs=0.05)
    # Deep troughs are the strong fronts.
    low = (
        np.flatnonzero((effects.pressure[24:-24] < -1.0) & (np.diff(np.sign(np.diff(effects.pressure)))[23:-23] > 0))
        + 24
    )
    assert len(low) > 100
    assert (effects.warmth[low + 12] - effects.warmth[low - 6]).max() < 0.0
    assert effects.north_west[low - 6].max() < 0.0 < effects.north_west[low + 6].min()
    assert effects.cloud[low - 4].mean() > 3 * effects.cloud[low + 8].mean()
