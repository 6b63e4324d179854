"""What a probability of rain must beat: how often such blocks are wet, and how often they are after rain or none."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from weather_assets.forecasting.hours import Floats, Hours, hour_of_day
from weather_assets.forecasting.inputs import Integers
from weather_assets.forecasting.rain.situations import BLOCKS_PER_DAY, Situations, month_of

# Counts as so many blocks of the mean of the month, and of the whole year: a rare combination must not be certain.
_PRIOR_BLOCKS = 30.0
_STATES = 3


@dataclass(frozen=True)
class RainReferences:
    """`climatology` (S + 1, 12, 8): wet share by month and block of the day; the last row is the mean station.

    `persistence` (3, L): wet share of the L blocks ahead where the last three hours were dry, wet or unknown.
    """

    station_ids: Integers
    climatology: Floats
    persistence: Floats

    def climatology_at(self, station_ids: Integers, ends: Hours) -> Floats:
        """Return the wet share (N, L) of blocks that end at hours (N, L), of stations (N,)."""
        place = np.full(len(station_ids), len(self.station_ids))
        for index, station in enumerate(self.station_ids):
            place[station_ids == station] = index
        return np.asarray(self.climatology[place[:, None], month_of(ends), _block_of_day(ends)])

    def forecast(self, situations: Situations) -> Mapping[str, Floats]:
        """Return probabilities (N, L) by name."""
        return {
            "persistence": np.asarray(self.persistence[:, np.arange(situations.ends.shape[1])][situations.state]),
            "climatology": self.climatology_at(situations.issues.station_ids, situations.ends),
        }


def fit_references(situations: Situations, wet: Floats) -> RainReferences:
    """Fit on what is known of issue times and on the blocks after them, `wet` (N, L): 1, 0 or NaN."""
    stations = np.unique(situations.issues.station_ids)
    groups = [situations.issues.station_ids == station for station in stations]
    tables = [_wet_shares(situations.ends[rows], wet[rows]) for rows in groups]
    persistence = [_shares_by_lead(wet[situations.state == state], wet) for state in range(_STATES)]
    return RainReferences(stations, np.stack([*tables, np.mean(tables, axis=0)]), np.stack(persistence))


def _wet_shares(ends: Hours, wet: Floats) -> Floats:
    """Return the wet share (12, 8) by month and block of the day, drawn towards that of the month and the year."""
    known = np.isfinite(wet)
    # Every block lies ahead of many issue times: it counts once.
    distinct, place = np.unique(ends[known], return_index=True)
    months, blocks, values = month_of(distinct), _block_of_day(distinct), wet[known][place]
    counts, wets = np.zeros((12, BLOCKS_PER_DAY)), np.zeros((12, BLOCKS_PER_DAY))
    np.add.at(counts, (months, blocks), 1.0)
    np.add.at(wets, (months, blocks), values)
    year = wets.sum() / max(counts.sum(), 1.0)
    month = (wets.sum(axis=1) + _PRIOR_BLOCKS * year) / (counts.sum(axis=1) + _PRIOR_BLOCKS)
    return np.asarray((wets + _PRIOR_BLOCKS * month[:, None]) / (counts + _PRIOR_BLOCKS))


def _shares_by_lead(wet: Floats, everyone: Floats) -> Floats:
    known = np.isfinite(wet)
    usual = np.nanmean(everyone)
    return np.asarray((np.nansum(wet, axis=0) + _PRIOR_BLOCKS * usual) / (known.sum(axis=0) + _PRIOR_BLOCKS))


def _block_of_day(ends: Hours) -> Integers:
    return np.asarray(hour_of_day(ends) // (24 // BLOCKS_PER_DAY))
