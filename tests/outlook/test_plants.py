"""Plant alert and watering."""

from datetime import UTC, datetime, timedelta

import pytest

from weather_assets.outlook.plants import PlantAlert, PlantLimits, plant_alert, watering_advice

HOURS = [datetime(2024, 7, 1, tzinfo=UTC) + n * timedelta(hours=1) for n in range(4)]
NAN = float("nan")


@pytest.mark.parametrize(
    ("temperature", "humidity", "hot", "dry"),
    [
        ([29.9, 29.9, 29.9, 29.9], [31.0] * 4, None, None),
        ([29.0, 30.0, 33.0, 29.0], [50.0] * 4, 1, None),
        ([20.0] * 4, [40.0, 35.0, 30.0, 20.0], None, 2),
        ([NAN, NAN, 31.0, NAN], [NAN] * 4, 2, None),
    ],
)
def test_the_first_hour_that_reaches_a_limit(
    temperature: list[float], humidity: list[float], hot: int | None, dry: int | None
) -> None:
    alert = plant_alert(HOURS, temperature, humidity, PlantLimits())
    assert alert.hot_at == (None if hot is None else HOURS[hot])
    assert alert.dry_at == (None if dry is None else HOURS[dry])
    assert alert.is_raised == (hot is not None or dry is not None)


def test_own_limits_count() -> None:
    alert = plant_alert(HOURS, [26.0] * 4, [50.0] * 4, PlantLimits(hot_from_c=25.0, dry_up_to_pct=10.0))
    assert alert.hot_at == HOURS[0]


@pytest.mark.parametrize(
    ("raised", "fallen_mm", "chance", "advice"),
    [
        (True, 0.0, 0.1, "water_now"),
        (True, 0.0, NAN, "water_now"),
        (False, 0.0, 0.1, "water_soon"),
        (False, 5.0, 0.1, "no_water"),
        (True, 12.0, 0.0, "no_water"),
        (False, 0.0, 0.7, "no_water"),
        (True, 0.0, 0.6, "no_water"),
    ],
)
def test_watering(raised: bool, fallen_mm: float, chance: float, advice: str) -> None:
    alert = PlantAlert(HOURS[0] if raised else None, None)
    assert watering_advice(alert, fallen_mm, chance) == advice
