"""Evidently's judgement of the samples, and its HTML report."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from weather_assets.monitoring.drift.samples import STEP_DAYS, WINDOW_DAYS, Samples

if TYPE_CHECKING:
    from evidently.core.report import Snapshot

THRESHOLD = 0.8
"""Wasserstein distance in standard deviations of the reference. Over Seoul 2013-2017, judged every week, it was passed
once (wind, 2016: its yearly mean fell from 2.7 to 2.3 m/s); the years of drought and heat among them stay below it."""

METHOD = (
    f"Wasserstein distance over standard deviation (Evidently), threshold {THRESHOLD}: daily anomalies {STEP_DAYS} d "
    f"apart, {WINDOW_DAYS} days against the same season of earlier years"
)


@dataclass(frozen=True)
class Judgement:
    """Score of each element that could be judged; the report is made when it is asked for."""

    scores: Mapping[str, float]
    _snapshot: "Snapshot | None"

    def drifted(self, element: str) -> bool:
        """The decision on an element."""
        return self.scores[element] >= THRESHOLD

    @property
    def any_drifted(self) -> bool:
        """Whether any element drifted."""
        return any(map(self.drifted, self.scores))

    def html(self) -> bytes | None:
        """The report, complete in itself; None where nothing could be judged."""
        if self._snapshot is None:
            return None
        text: str = self._snapshot.get_html_str(as_iframe=False)
        return text.encode()


def judge(samples: Samples) -> Judgement:
    """Compare the samples element by element."""
    elements = list(samples.current.columns)
    if not elements:
        return Judgement({}, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from evidently import Report
        from evidently.metrics import ValueDrift

        metrics = [ValueDrift(column=name, method="wasserstein", threshold=THRESHOLD) for name in elements]
        snapshot = Report(metrics).run(samples.current, samples.reference)
    values = [float(metric["value"]) for metric in snapshot.dict()["metrics"]]
    return Judgement(dict(zip(elements, values, strict=True)), snapshot)
