"""A made-up series of days for model tests: seasons, weather that persists, and what its features would say."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

FIRST = datetime(2015, 1, 1, tzinfo=UTC) - timedelta(hours=9)
"""Midnight of a KST day."""

MEMORY, NOISE = 0.7, 2.0
ISSUED = timedelta(hours=5, minutes=10)


def days(count: int, stations: tuple[int, ...] = (108, 129), seed: int = 5) -> pd.DataFrame:
    """Mean temperature: station_id, observed_at (first instant of the day), value. It keeps 70 % from day to day."""
    generator = np.random.default_rng(seed)
    times = pd.date_range(FIRST, periods=count, freq="D", unit="us")
    usual = 12 - 13 * np.cos(2 * np.pi * times.tz_convert("Asia/Seoul").dayofyear / 365.25)
    frames = []
    for place, station in enumerate(stations):
        anomaly = np.zeros(count)
        for day in range(1, count):
            anomaly[day] = MEMORY * anomaly[day - 1] + generator.normal(0, NOISE)
        frames.append(pd.DataFrame({"station_id": station, "observed_at": times, "value": usual + anomaly + place}))
    return pd.concat(frames, ignore_index=True)


def features(observations: pd.DataFrame, element: str) -> pd.DataFrame:
    """Rows as of features.daily with two features, issued on every day that has a day before."""
    frames = []
    for station, rows in observations.groupby("station_id"):
        values = rows["value"].to_numpy()
        table = pd.DataFrame({"station_id": station, "issued_at": rows["observed_at"] + ISSUED})
        table[f"{element}_lag_1d"] = np.concatenate([[np.nan], values[:-1]]).astype(np.float32)
        table[f"{element}_lag_2d"] = np.concatenate([[np.nan] * 2, values[:-2]]).astype(np.float32)
        frames.append(table.iloc[1:])
    return pd.concat(frames, ignore_index=True)
