"""A daily forecast: quantiles of the target for every issue time and lead, as arrays or as rows of forecast.daily."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from weather_assets.clock import PUBLICATION_DELAY
from weather_assets.forecasting.daily.days import dates_of, days_of
from weather_assets.forecasting.forecast import PUBLISHED, quantile_lists
from weather_assets.forecasting.hours import Floats, Hours, times_of
from weather_assets.forecasting.inputs import Integers
from weather_assets.forecasting.spread import LEVELS


@dataclass(frozen=True)
class DailyForecast:
    """`station_ids`, `issue_hours` (N,), `leads` (L,), `quantiles` (N, L, 19) at LEVELS; `references` (N, L) by name.

    Rows are in the order of station and issue time.
    """

    station_ids: Integers
    issue_hours: Hours
    leads: Integers
    quantiles: Floats
    references: Mapping[str, Floats]

    @property
    def valid_days(self) -> Integers:
        """Days (N, L) since 1970-01-01 that it is for."""
        return np.asarray(days_of(self.issue_hours)[:, None] + self.leads)

    def to_arrow(self) -> pa.Table:
        """Return one row per issue time and lead.

        Columns: station_id, issued_at, valid_on, lead_days, p10 .. p90, quantiles (19 floats), persistence and
        climatology.
        """
        count, leads = len(self.issue_hours), len(self.leads)
        issued = times_of(np.repeat(self.issue_hours, leads)) + PUBLICATION_DELAY
        return pa.table(
            {
                "station_id": pa.array(np.repeat(self.station_ids, leads).astype(np.int32)),
                "issued_at": pa.array(issued, type=pa.timestamp("us", tz="UTC")),
                "valid_on": pa.array(dates_of(self.valid_days.ravel())),
                "lead_days": pa.array(np.tile(self.leads, count).astype(np.int32)),
                **{name: pa.array(self.quantiles[..., LEVELS.index(at)].ravel()) for name, at in PUBLISHED.items()},
                "quantiles": quantile_lists(self.quantiles),
                **{name: _known(self.references[name]) for name in ("persistence", "climatology")},
            }
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the same rows as a DataFrame; `quantiles` holds an array per row."""
        frame: pd.DataFrame = self.to_arrow().to_pandas()
        return frame


def _known(values: Floats) -> pa.Array:
    return pa.array(values.ravel(), from_pandas=True)
