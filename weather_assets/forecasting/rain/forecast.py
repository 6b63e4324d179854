"""A rain forecast: the probability of a wet block for every issue time and block, as arrays or as rows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from weather_assets.clock import PUBLICATION_DELAY
from weather_assets.forecasting.hours import Floats, Hours, times_of
from weather_assets.forecasting.inputs import Integers
from weather_assets.forecasting.targets import BLOCK_HOURS


@dataclass(frozen=True)
class RainForecast:
    """`station_ids`, `issue_hours` (N,), `ends` of the blocks, `probability` and each of `references` (N, L)."""

    station_ids: Integers
    issue_hours: Hours
    ends: Hours
    probability: Floats
    references: Mapping[str, Floats]

    def to_arrow(self) -> pa.Table:
        """Return one row per issue time and block.

        Columns: station_id, issued_at, valid_from, valid_to, lead_hours, probability, persistence and climatology.
        """
        instants, leads = pa.timestamp("us", tz="UTC"), self.ends.shape[1]
        ends, issued = self.ends.ravel(), np.repeat(self.issue_hours, leads)
        return pa.table(
            {
                "station_id": pa.array(np.repeat(self.station_ids, leads).astype(np.int32)),
                "issued_at": pa.array(times_of(issued) + PUBLICATION_DELAY, type=instants),
                "valid_from": pa.array(times_of(ends - BLOCK_HOURS), type=instants),
                "valid_to": pa.array(times_of(ends), type=instants),
                "lead_hours": pa.array((ends - issued).astype(np.int32)),
                "probability": pa.array(self.probability.ravel()),
                **{name: pa.array(values.ravel()) for name, values in self.references.items()},
            }
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the same rows as a DataFrame."""
        frame: pd.DataFrame = self.to_arrow().to_pandas()
        return frame
