"""A forecast: quantiles of the target for every issue time and lead, as arrays or as rows of forecast.hourly."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from weather_assets.clock import PUBLICATION_DELAY
from weather_assets.forecasting.hours import Floats, Hours, times_of
from weather_assets.forecasting.inputs import Integers
from weather_assets.forecasting.spread import LEVELS

PUBLISHED = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90}


@dataclass(frozen=True)
class Forecast:
    """`station_ids`, `issue_hours` (N,), `leads` (L,), `quantiles` (N, L, 19) at LEVELS, `climatology` (N, L).

    Rows are in the order of station and issue time.
    """

    station_ids: Integers
    issue_hours: Hours
    leads: Integers
    quantiles: Floats
    climatology: Floats

    def quantile(self, name: str) -> Floats:
        """Return p10, p25, p50, p75 or p90 (N, L)."""
        return self.quantiles[:, :, LEVELS.index(PUBLISHED[name])]

    @property
    def expected(self) -> Floats:
        """Mean of the predictive distribution (N, L), the point forecast with the least squared error."""
        return np.asarray(self.quantiles.mean(axis=2))

    def to_arrow(self) -> pa.Table:
        """Return one row per issue time and lead.

        Columns: station_id, issued_at, valid_at, lead_hours, p10 .. p90, quantiles (19 floats) and climatology.
        """
        count, leads = self.climatology.shape
        issued = times_of(np.repeat(self.issue_hours, leads)) + PUBLICATION_DELAY
        valid = times_of((self.issue_hours[:, None] + self.leads).ravel())
        return pa.table(
            {
                "station_id": pa.array(np.repeat(self.station_ids, leads).astype(np.int32)),
                "issued_at": pa.array(issued, type=pa.timestamp("us", tz="UTC")),
                "valid_at": pa.array(valid, type=pa.timestamp("us", tz="UTC")),
                "lead_hours": pa.array(np.tile(self.leads, count).astype(np.int32)),
                **{name: pa.array(self.quantile(name).ravel()) for name in PUBLISHED},
                "quantiles": quantile_lists(self.quantiles),
                "climatology": pa.array(self.climatology.ravel()),
            }
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the same rows as a DataFrame; `quantiles` holds an array per row."""
        frame: pd.DataFrame = self.to_arrow().to_pandas()
        return frame


def quantile_lists(quantiles: Floats) -> pa.Array:
    """Return quantiles (N, L, K) as N x L lists of K single floats, as the forecast tables hold them."""
    count, leads, levels = quantiles.shape
    offsets = pa.array(np.arange(count * leads + 1, dtype=np.int32) * levels)
    return pa.ListArray.from_arrays(offsets, pa.array(quantiles.astype(np.float32).ravel()))
