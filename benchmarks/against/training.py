"""Training one target: the recipe of earlier systems on a month of one station, and ours on a year and more.

They are not the same work, and the report says what each is good for: the error of both on the month after.
"""

from datetime import datetime, timedelta
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd

from benchmarks.inputs import Place, clean_home, opened, station_ids, years
from benchmarks.measuring import OURS, Section, Side, interleaved, ratio, side_figures
from weather_assets.assets.builds import FEATURES
from weather_assets.forecasting.backtest import backtest_data
from weather_assets.forecasting.model import train
from weather_assets.forecasting.targets import TARGETS

TARGET = TARGETS["air_temperature_c"]
LEADS = (1, 24)
LEARNT_YEARS, WINDOW, SCORED = 2, timedelta(days=30), timedelta(days=30)
COLUMNS = ("side", "learns from", "models", "seconds", "CPU seconds", "times ours", *(f"RMSE {h} h, °C" for h in LEADS))


def ours(home: Path) -> dict[int, float]:
    """48 leads with calibrated quantiles from all hours; RMSE by lead on the days after."""
    through = years(LEARNT_YEARS)[1] - timedelta(hours=1)
    features, observed = _data(home)
    before = features[features["issued_at"] <= through]
    after = features[(features["issued_at"] > through) & (features["issued_at"] <= through + SCORED)]
    forecaster = train(TARGET, before, observed, through)
    answered = forecaster.informed(before.tail(24 * 14)).predict(after)
    truth = observed.set_index("observed_at")[TARGET.element]
    issued = pd.DatetimeIndex(after["issued_at"]).floor("h")
    errors = {}
    for lead in LEADS:
        wanted = truth.reindex(issued + timedelta(hours=lead)).to_numpy()
        errors[lead] = _rmse(answered.expected[:, lead - 1], wanted)
    return errors


def prior(home: Path) -> dict[int, float]:
    """LightGBM with calendar, lags of 1 and 24 h and rolling means of 3 and 24 h, one model a lead."""
    through = years(LEARNT_YEARS)[1] - timedelta(hours=1)
    _, observed = _data(home)
    truth = observed.set_index("observed_at")[TARGET.element].sort_index().asfreq("h")
    inputs = pd.DataFrame(
        {
            "hour": truth.index.hour,
            "month": truth.index.month,
            "now": truth,
            "lag_1": truth.shift(1),
            "lag_24": truth.shift(24),
            "rolling_3": truth.rolling(3, min_periods=1).mean(),
            "rolling_24": truth.rolling(24, min_periods=1).mean(),
        }
    )
    errors = {}
    for lead in range(1, max(LEADS) + 1):
        wanted = truth.shift(-lead)
        learnt = (inputs.index > through - WINDOW) & (inputs.index <= through - timedelta(hours=lead)) & wanted.notna()
        data = lightgbm.Dataset(inputs[learnt], wanted[learnt])
        booster = lightgbm.train({"objective": "regression", "verbosity": -1}, data, 100)
        scored = (inputs.index > through) & (inputs.index <= through + SCORED)
        if lead in LEADS:
            errors[lead] = _rmse(np.asarray(booster.predict(inputs[scored])), wanted[scored].to_numpy())
    return errors


def _rmse(expected: np.ndarray, truth: np.ndarray) -> float:
    return float(np.sqrt(np.nanmean((expected - truth) ** 2)))


def _data(home: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    with opened(home) as lake:
        return backtest_data(lake, TARGET, _end())


def _end() -> datetime:
    return years(LEARNT_YEARS)[1] + SCORED + timedelta(days=3)


def compare(place: Place, rounds: int = 1) -> Section:
    """Seconds of each, and what they are worth on days that neither saw."""
    home = clean_home(place, 1, 10)
    with opened(home) as lake:
        FEATURES.run(lake, station_ids(1), years(1)[0], _end())
    sides = interleaved({OURS: (ours, home), "prior recipe": (prior, home)}, rounds)
    learnt = (f"{LEARNT_YEARS} years, {len(FEATURES.table.columns) - 2} features", f"{WINDOW.days} days, 7 inputs")
    models = ("48 leads, quantiles", "24 leads, a number each")
    return Section(
        "Training",
        f"Air temperature of one station, then the {SCORED.days} days after. The prior recipe is LightGBM's default on "
        "the last 30 days with calendar, lags and rolling means; ours is what `weather train` does, without MLflow.",
        COLUMNS,
        [_row(side, sides[0], *facts) for side, *facts in zip(sides, learnt, models, strict=True)],
        notes=["Ours takes longer because it also measures its errors at rolling origins, which is its calibration."],
        figures={"runs": side_figures(sides), "rmse": {side.name: side.answer for side in sides}},
    )


def _row(side: Side, ours_side: Side, learnt: str, models: str) -> list[object]:
    errors = [side.answer[lead] for lead in LEADS]
    return [side.name, learnt, models, side.seconds, side.cpu_seconds, ratio(side.seconds, ours_side.seconds), *errors]
