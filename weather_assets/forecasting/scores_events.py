"""Scores of forecasts of events: probabilities against what happened, and grades against grades.

NaN pairs (no truth) are left out.
"""

from dataclasses import dataclass

import numpy as np

from weather_assets.forecasting.hours import Floats


def brier(probability: Floats, happened: Floats) -> float:
    """Mean square difference of a probability and what happened (1 or 0); Brier (1950)."""
    return float(np.nanmean(np.square(probability - happened)))


@dataclass(frozen=True)
class ReliabilityBin:
    """How often it happened when about `forecast` was said; `n` times."""

    forecast: float
    observed: float
    n: int


def reliability(probability: Floats, happened: Floats, bins: int = 10) -> list[ReliabilityBin]:
    """Return the reliability curve over equal bins of probability; empty bins are left out."""
    known = np.isfinite(probability) & np.isfinite(happened)
    said, came = probability[known], happened[known]
    place = np.minimum((said * bins).astype(np.int64), bins - 1)
    return [
        ReliabilityBin(float(said[place == b].mean()), float(came[place == b].mean()), int((place == b).sum()))
        for b in np.unique(place)
    ]


@dataclass(frozen=True)
class Warning2x2:
    """A yes-or-no forecast against what happened (Wilks 2011, ch. 8.2): counts and their ratios."""

    hits: int
    false_alarms: int
    misses: int
    correct_rejections: int

    @property
    def accuracy(self) -> float:
        """Share of right answers."""
        return _ratio(self.hits + self.correct_rejections, self._count)

    @property
    def detection(self) -> float:
        """POD: share of the events that were forecast."""
        return _ratio(self.hits, self.hits + self.misses)

    @property
    def false_alarm_ratio(self) -> float:
        """FAR: share of the forecast events that did not happen."""
        return _ratio(self.false_alarms, self.hits + self.false_alarms)

    @property
    def peirce(self) -> float:
        """Peirce skill score: detection less the share of non-events that were forecast."""
        return self.detection - _ratio(self.false_alarms, self.false_alarms + self.correct_rejections)

    @property
    def _count(self) -> int:
        return self.hits + self.false_alarms + self.misses + self.correct_rejections


def exceedance(forecast: Floats, observed: Floats, threshold: float) -> Warning2x2:
    """Count forecasts and observations that reach a threshold."""
    known = np.isfinite(forecast) & np.isfinite(observed)
    said, came = forecast[known] >= threshold, observed[known] >= threshold
    return Warning2x2(
        int((said & came).sum()), int((said & ~came).sum()), int((~said & came).sum()), int((~said & ~came).sum())
    )


def grade_accuracy(forecast: Floats, observed: Floats, limits: tuple[float, ...]) -> float:
    """Share of days whose grade is right; a grade begins at each limit."""
    known = np.isfinite(forecast) & np.isfinite(observed)
    if not known.any():
        return float("nan")
    return float(
        (np.searchsorted(limits, forecast[known], "right") == np.searchsorted(limits, observed[known], "right")).mean()
    )


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
