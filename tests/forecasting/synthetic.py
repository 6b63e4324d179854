"""A small made-up climate for model tests: seasons, days, weather that persists, and gaps."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd

START = datetime(2019, 1, 1, tzinfo=UTC)
MEMORY, NOISE, GAIN = 0.97, 0.8, 0.5


def climate(days: int, stations: tuple[int, ...] = (108, 129), seed: int = 3) -> pd.DataFrame:
    """Hourly temperature: station_id, observed_at, value.

    The weather keeps 97 % of itself from hour to hour and shows by GAIN more at 15:00 KST, less at 03:00.
    """
    hours = days * 24
    generator = np.random.default_rng(seed)
    times = pd.date_range(START, periods=hours, freq="h", unit="us")
    local = times.tz_convert("Asia/Seoul")
    usual = 12 - 13 * np.cos(2 * np.pi * local.dayofyear / 365) + 4 * np.sin(2 * np.pi * (local.hour - 9) / 24)
    gain = 1 + GAIN * np.sin(2 * np.pi * (local.hour - 9) / 24)
    frames = []
    for place, station in enumerate(stations):
        anomaly = np.zeros(hours)
        for hour in range(1, hours):
            anomaly[hour] = MEMORY * anomaly[hour - 1] + generator.normal(0, NOISE)
        value = np.where(generator.random(hours) < 0.02, np.nan, usual + gain * anomaly + 2 * place)
        frames.append(pd.DataFrame({"station_id": station, "observed_at": times, "value": value}))
    return pd.concat(frames, ignore_index=True)


def features(observations: pd.DataFrame, element: str = "air_temperature_c") -> pd.DataFrame:
    """Rows as of features.hourly with a few features, for every hour that was observed."""
    frames = []
    for station, rows in observations.groupby("station_id"):
        value = rows.set_index("observed_at")["value"]
        frames.append(
            pd.DataFrame(
                {
                    "station_id": station,
                    "issued_at": value.index + pd.Timedelta(minutes=10),
                    element: value.to_numpy(dtype=np.float32),
                    f"{element}_change_3h": (value - value.shift(3)).to_numpy(dtype=np.float32),
                    f"{element}_mean_24h": value.rolling("24h").mean().to_numpy(dtype=np.float32),
                }
            )
        )
    table = pd.concat(frames, ignore_index=True)
    return table[table[element].notna()].reset_index(drop=True)
