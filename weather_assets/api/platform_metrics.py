"""The collector behind /metrics: gauges of the lake, the models, the runs and the home, each kept for a while.

A part that does not answer is left out and told by `weather_up`, so that one fault never blinds the rest.
"""

import logging
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from weather_assets.api.kept import Kept
from weather_assets.api.lake_reader import LakeReader
from weather_assets.api.models import Models
from weather_assets.api.replies import ModelVersion
from weather_assets.api.run_metrics import run_families
from weather_assets.forecasting.registry import THROUGH_TAG
from weather_assets.monitoring.lateness import allowed_reading_age
from weather_assets.monitoring.metrics import LAKE_QUERIES, LakeQuery, query_families
from weather_assets.settings import Settings
from weather_assets.sources.call_budget import shared_budget

Families = Iterable[GaugeMetricFamily]
_log = logging.getLogger(__name__)

RUNS_AGE_S = 15.0
LONGEST_S = 5.0
"""Prometheus gives up after 10 s, and one more query may wait 3 s for its turn."""
_PAUSE_S = 0.002


class Platform(Collector):
    """Asks every part at a scrape."""

    def __init__(self, settings: Settings, lake: LakeReader, models: Models) -> None:
        self._settings = settings
        self._lake = lake
        self._models = models
        self._of_snapshot: tuple[int, list[GaugeMetricFamily]] | None = None
        self._runs = Kept(lambda: list(run_families(settings)), RUNS_AGE_S)

    def describe(self) -> Families:
        """Nothing: registering must not ask the lake."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """All gauges, and which parts answered."""
        up = GaugeMetricFamily("weather_up", "Whether a part of the platform answers", labels=["part"])
        parts: dict[str, Callable[[], Families]] = {
            "lake": self._lake_families,
            "mlflow": self._model_families,
            "dagster": self._runs.get,
            "home": self._home_families,
            "calls": self._call_families,
        }
        for part, ask in parts.items():
            try:
                families = list(ask())
            except Exception as error:  # noqa: BLE001  # whatever it is, the other parts must be told
                _log.warning("no metrics of %s: %s", part, error)
                up.add_metric([part], 0.0)
            else:
                up.add_metric([part], 1.0)
                yield from families
        yield up

    def _lake_families(self) -> Families:
        """All gauges of the lake; requests get their turn between its queries.

        Those of an earlier snapshot where it takes so long that whoever scrapes would give up and learn nothing.
        """
        snapshot, begun = self._lake.snapshot(), time.monotonic()
        if self._of_snapshot is not None and self._of_snapshot[0] == snapshot:
            return self._of_snapshot[1]
        made: list[GaugeMetricFamily] = []
        for query in LAKE_QUERIES:
            if self._of_snapshot is not None and time.monotonic() - begun > LONGEST_S:
                return self._of_snapshot[1]
            made += self._families_of(query)
        self._of_snapshot = snapshot, made
        return made

    def _families_of(self, query: LakeQuery) -> Families:
        # Who waits is woken when a turn ends, but loses the next one too to whoever asks again at once.
        time.sleep(_PAUSE_S)
        return self._lake.read(lambda lake: query_families(lake, query, self._settings.stations))

    def _model_families(self) -> Families:
        current = self._models.current()
        version = _family("weather_model_version", "Version that bears the alias", "target", "alias")
        since = _family("weather_model_registered_timestamp_seconds", "When it was registered", "target", "alias")
        learnt = _family(
            "weather_model_trained_through_timestamp_seconds", "Last reading learnt from", "target", "alias"
        )
        for alias, models in (("champion", current.champions), ("challenger", current.challengers)):
            for model in models:
                version.add_metric([model.target, alias], model.version)
                since.add_metric([model.target, alias], model.registered_at.timestamp())
                learnt.add_metric([model.target, alias], _trained_through(model))
        return version, since, learnt

    def _home_families(self) -> Iterator[GaugeMetricFamily]:
        disk = shutil.disk_usage(self._settings.home)
        yield GaugeMetricFamily("weather_disk_free_bytes", "Free space where the home lies", disk.free)
        yield GaugeMetricFamily("weather_disk_bytes", "Space there in all", disk.total)
        if age := allowed_reading_age(self._settings.source):
            text = "Age of the newest reading that the source explains; absent where nothing is due"
            yield GaugeMetricFamily("weather_reading_allowed_age_seconds", text, age.total_seconds())

    def _call_families(self) -> Iterator[GaugeMetricFamily]:
        budget = shared_budget(self._settings)
        spent = _family("weather_source_calls_today", "Calls sent to a provider on this KST day", "provider")
        allowed = _family("weather_source_calls_allowed", "Calls a day that the settings allow", "provider")
        for provider in ("kma_api_hub", "data_go_kr", "airkorea"):
            spent.add_metric([provider], budget.spent(provider))
            allowed.add_metric([provider], getattr(self._settings, f"{provider}_daily_calls"))
        yield from (spent, allowed)


def new_registry(settings: Settings, lake: LakeReader, models: Models) -> CollectorRegistry:
    """A registry with the platform and this process in it."""
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    registry.register(Platform(settings, lake, models))
    return registry


def _family(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, labels=labels)


def _trained_through(model: ModelVersion) -> float:
    return datetime.fromisoformat(model.facts[THROUGH_TAG]).timestamp() if THROUGH_TAG in model.facts else float("nan")
