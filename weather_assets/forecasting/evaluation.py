"""Tables of scores: what `weather evaluate` prints and models.evaluation keeps, from forecasts with their truth."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from weather_assets.clock import KST
from weather_assets.forecasting import scores
from weather_assets.forecasting.hours import times_of
from weather_assets.forecasting.scored import Scored
from weather_assets.forecasting.targets import Target
from weather_assets.tables import EVALUATION

LEAD_GROUPS: tuple[tuple[int, int], ...] = ((1, 6), (7, 12), (13, 24), (25, 48))
BASELINES = ("persistence", "climatology", "ridge")
_RMSES = ("rmse", *(f"rmse_{name}" for name in BASELINES))
_SCORES = (*_RMSES, "mae", "bias", "crps", "coverage_50", "coverage_80", "crps_persistence")


def pair_table(scored: Scored) -> pd.DataFrame:
    """Return one row per forecast that has its truth: station_id, month (its first day), hour (KST), lead, losses.

    The losses bear the names of the scores whose mean they make; those of RMSE are squares. RMSE and bias are of the
    mean of the distribution, MAE of its median: each score of the point forecast that it rewards (Gneiting 2011, doi
    10.1198/jasa.2011.r10138). NaN where a kind has no such score, or no such baseline.
    """
    known = np.isfinite(scored.observed)
    truth, expected = scored.observed[known], scored.expected[known]
    local = times_of(scored.valid_hours[known]).tz_convert(KST).tz_localize(None)
    rows, places = np.nonzero(known)
    low, lower, median, upper, high = (scored.quantile(level)[known] for level in (0.1, 0.25, 0.5, 0.75, 0.9))
    errors = {name: values[known] - truth for name, values in scored.baselines.items()}
    whole = np.nan if scored.is_probability else 1.0
    certain = np.square if scored.is_probability else np.abs
    table = {
        "station_id": scored.station_ids[rows],
        "month": local.to_period("M").to_timestamp(),
        "hour": local.hour,
        "lead": scored.leads[places],
        "rmse": np.square(expected - truth),
        **{f"rmse_{name}": np.square(errors[name]) if name in errors else np.nan for name in BASELINES},
        "mae": np.abs((expected if scored.is_probability else median) - truth),
        "bias": expected - truth,
        "crps": scored.loss[known],
        "coverage_50": whole * ((truth >= lower) & (truth <= upper)),
        "coverage_80": whole * ((truth >= low) & (truth <= high)),
        # The CRPS of a forecast without spread is its absolute error, that of a probability its Brier score.
        "crps_persistence": certain(errors["persistence"]),
    }
    return pd.DataFrame(table)


def score_table(pairs: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the scores of each group of a `pair_table` that has any pair, indexed by what it is grouped by, with n."""
    grouped = pairs.groupby(list(by))
    table = grouped[list(_SCORES)].mean()
    table[list(_RMSES)] = np.sqrt(table[list(_RMSES)])
    return table.assign(n=grouped.size())


def evaluation_rows(
    target: Target, scored: Scored, leads: Sequence[int], start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """Return the rows of `weather evaluate --json`: per station one for each lead, and one for the mean over all leads.

    `leads` are in the unit of the target; rows of daily targets say `lead_days` too. Times are ISO 8601; train_through
    is the end of training of the last model. Of a probability the CRPS is the Brier score. The mean row is the mean of
    the scores of all leads of the target, whatever `leads` were asked for.
    """
    table = score_table(pair_table(scored), ("station_id", "lead"))
    span = {"train_through": max(scored.trained_through).isoformat(), "from": start.isoformat(), "to": end.isoformat()}
    rows = []
    for station in np.unique(scored.station_ids).tolist():
        by_lead = table.reindex([(station, lead) for lead in scored.leads]).fillna({"n": 0})
        cells = dict(zip(scored.leads.tolist(), by_lead.to_dict("records"), strict=True))
        # A lead without any reading makes the mean unknown, as its own scores are.
        mean = {str(name): float(value) for name, value in by_lead.mean(skipna=False).items()}
        mean["n"] = by_lead["n"].sum()
        facts = {"target": target.name, "station_id": station}
        rows += [{**facts, **_lead_keys(target, lead), **_with_skill(cells[lead]), **span} for lead in leads]
        rows.append({**facts, **_lead_keys(target, None), **_with_skill(mean), **span})
    return rows


def monthly_rows(target: Target, scored: Scored) -> pd.DataFrame:
    """Return the rows of models.evaluation: one per station, KST month of validity and lead that has any truth."""
    table = score_table(pair_table(scored), ("station_id", "month", "lead")).reset_index()
    table["month"] = table["month"].dt.date
    table["target"], table["trained_through"] = target.name, max(scored.trained_through)
    return table[list(EVALUATION.column_names)]


def comparison_table(scored: Scored, leads: Sequence[int]) -> pd.DataFrame:
    """Return per station, lead and baseline how much less the model errs in squares, and the p-value of no difference.

    Columns: station_id, lead, baseline, mean_difference, p_value (Diebold-Mariano; issue times must be complete and as
    far apart as leads are counted, so that a forecast overlaps with as many as its lead).
    """
    rows = []
    for station in np.unique(scored.station_ids).tolist():
        of_station = scored.station_ids == station
        for lead in leads:
            place = int(np.flatnonzero(scored.leads == lead)[0])
            truth = scored.observed[of_station, place]
            loss = np.square(scored.expected[of_station, place] - truth)
            for name, values in scored.baselines.items():
                found = scores.diebold_mariano(loss, np.square(values[of_station, place] - truth), lags=lead)
                rows.append((station, lead, name, found.mean_difference, found.p_value))
    return pd.DataFrame(rows, columns=["station_id", "lead", "baseline", "mean_difference", "p_value"])


def _lead_keys(target: Target, lead: int | None) -> dict[str, int | None]:
    if target.kind != "daily":
        return {"lead_hours": lead}
    return {"lead_hours": None if lead is None else 24 * lead, "lead_days": lead}


def _with_skill(cell: Mapping[Any, float]) -> dict[str, float]:
    return {
        **cell,
        "n": int(cell["n"]),
        "skill_vs_persistence": scores.skill(cell["rmse"], cell["rmse_persistence"]),
        "skill_vs_climatology": scores.skill(cell["rmse"], cell["rmse_climatology"]),
    }
