"""What can go wrong with a service, each met by a load through the real graph, and what came of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import dagster as dg
from local_services import KEY, service_settings

from weather_assets import clock
from weather_assets.assets import failures
from weather_assets.assets.raw import raw_asos_hourly
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.days import range_tags
from weather_assets.clock import DAY
from weather_assets.settings import Settings
from weather_assets.sources import http
from weather_assets.sources.kma_service import Fault, FaultKind, KmaService
from weather_assets.sources.simulator import SimulatorSource

STATION = 108
DAYS_OF_A_CASE = 3
_FIRST = date(2021, 1, 1)
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Case:
    """A fault on the first call of a load (`times` of them), and what is to come of it: ok, or a kind of failure."""

    provider: str
    kind: FaultKind
    outcome: str
    calls: int
    words: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """In words: provider, kind and details."""
        details = ", ".join(f"{name} {value}" for name, value in self.details.items())
        return f"{self.provider} {self.kind}{f' ({details})' if details else ''}"

    @property
    def fault(self) -> Fault:
        return Fault(self.kind, **self.details)


@dataclass(frozen=True)
class Result:
    """What came of a case; rows lost and doubled are counted after one more load, without the fault."""

    succeeded: bool
    calls: int
    message: str
    lost: int
    doubled: int


class Observed(SimulatorSource):
    """Invented readings that pass for observations, which is what a service has."""

    @property
    def simulated(self) -> bool:
        return False


PORTAL, HUB = "data_go_kr", "kma_api_hub"
_AGAIN, _KEY_WORDS, _QUOTA = 2, "check DATA_GO_KR_KEY", "it goes on after"


def _portal(kind: FaultKind, outcome: str, calls: int, words: str = "", **details: Any) -> Case:
    return Case(PORTAL, kind, outcome, calls, words, details)


def _hub(kind: FaultKind, outcome: str, calls: int, words: str = "", **details: Any) -> Case:
    return Case(HUB, kind, outcome, calls, words, details)


CASES = (
    *(_portal(FaultKind.SERVICE_ERROR, "ok", _AGAIN, code=code) for code in ("01", "02", "04", "05", "21")),
    _portal(FaultKind.SERVICE_ERROR, "ok", 1, code="03"),
    *(_portal(FaultKind.SERVICE_ERROR, "failed", 1, code=code) for code in ("10", "11", "12")),
    *(_portal(FaultKind.SERVICE_ERROR, "failed", 1, _KEY_WORDS, code=code) for code in ("30", "31", "33")),
    _portal(FaultKind.SERVICE_ERROR, "failed", 1, "apply for this service", code="20"),
    _portal(FaultKind.SERVICE_ERROR, "failed", 1, code="32"),
    _portal(FaultKind.SERVICE_ERROR, "failed", 1, _QUOTA, code="22"),
    _portal(FaultKind.GATEWAY_XML, "ok", _AGAIN, code="04"),
    _portal(FaultKind.GATEWAY_XML, "failed", 1, _KEY_WORDS, code="30"),
    _portal(FaultKind.GATEWAY_XML, "failed", 1, _KEY_WORDS, code="30", http_status=401),
    _portal(FaultKind.GATEWAY_JSON, "failed", 1, _KEY_WORDS, code="30"),
    _portal(FaultKind.QUOTA, "failed", 1, _QUOTA),
    _portal(FaultKind.PLAIN_TEXT_500, "ok", _AGAIN),
    _portal(FaultKind.HTTP_STATUS, "ok", _AGAIN, http_status=503),
    _portal(FaultKind.HTTP_STATUS, "failed", 1, "WEATHER_DATA_GO_KR_URL", http_status=404),
    _portal(FaultKind.HTML, "ok", _AGAIN),
    _portal(FaultKind.KEY_ECHO, "ok", _AGAIN),
    _portal(FaultKind.EMPTY_BODY, "ok", _AGAIN),
    _portal(FaultKind.SLOW, "ok", 1, delay_s=0.2),
    _portal(FaultKind.DROPPED, "ok", _AGAIN),
    _portal(FaultKind.DROPPED, "failed", 20, "(5 attempts)", times=None),
    _portal(FaultKind.CUT_OFF, "ok", _AGAIN),
    _portal(FaultKind.TRUNCATED, "ok", _AGAIN),
    _portal(FaultKind.WRONG_CHARSET, "ok", 1),
    _portal(FaultKind.MALFORMED_LINE, "ok", _AGAIN),
    _portal(FaultKind.DUPLICATE_ROWS, "ok", 1),
    _portal(FaultKind.OUT_OF_ORDER, "ok", 1),
    _portal(FaultKind.MISSING_ROW, "ok", _AGAIN),
    _portal(FaultKind.ITEMS_EMPTY_STRING, "ok", 1),
    _portal(FaultKind.ITEMS_MISSING, "ok", 1),
    _hub(FaultKind.HUB_ERROR, "failed", 1, "check KMA_API_HUB_KEY", code="401"),
    _hub(FaultKind.HUB_ERROR, "failed", 1, "check KMA_API_HUB_KEY", code="401", http_status=200),
    _hub(FaultKind.HUB_ERROR, "failed", 1, "apply for it", code="403"),
    _hub(FaultKind.HUB_ERROR, "failed", 1, "WEATHER_KMA_API_HUB_URL", code="404"),
    _hub(FaultKind.HUB_ERROR, "ok", _AGAIN, code="500"),
    _hub(FaultKind.QUOTA, "failed", 1, _QUOTA),
    _hub(FaultKind.KEY_ECHO, "ok", _AGAIN),
    _hub(FaultKind.HTML, "ok", _AGAIN),
    _hub(FaultKind.DROPPED, "ok", _AGAIN),
    _hub(FaultKind.CUT_OFF, "ok", _AGAIN),
    _hub(FaultKind.TRUNCATED, "ok", _AGAIN),
    _hub(FaultKind.WRONG_CHARSET, "ok", 1),
    _hub(FaultKind.MALFORMED_LINE, "ok", _AGAIN),
    _hub(FaultKind.DUPLICATE_ROWS, "ok", 1),
    _hub(FaultKind.OUT_OF_ORDER, "ok", 1),
    _hub(FaultKind.COLUMNS_45, "ok", 1),
)


@dataclass
class FaultyWorld:
    """A lake per provider that meets one case after the other, each on days of its own."""

    service: KmaService
    definitions: Mapping[str, dg.Definitions]
    stores: Mapping[str, LakeStore]
    instance: dg.DagsterInstance
    _days: Iterator[date] = field(default_factory=lambda: iter(_FIRST + n * DAYS_OF_A_CASE * DAY for n in range(300)))

    def meet(self, case: Case) -> Result:
        """Load three days with the fault, then again without it."""
        first = next(self._days)
        last = first + (DAYS_OF_A_CASE - 1) * DAY
        self.service.inject(case.fault)
        before = self.service.calls()
        succeeded, message = self._load(case.provider, first, last)
        calls = self.service.calls() - before
        self.service.clear_faults()
        self._load(case.provider, first, last)
        return self._compared(case, first, Result(succeeded, calls, message, 0, 0))

    def _load(self, provider: str, first: date, last: date) -> tuple[bool, str]:
        job = self.definitions[provider].resolve_job_def("load_raw")
        tags = range_tags(str(first), str(last))
        done = job.execute_in_process(run_config=_QUIET, instance=self.instance, tags=tags, raise_on_error=False)
        failed = self.instance.all_logs(done.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
        reasons = [entry.get_dagster_event().step_failure_data.user_failure_data for entry in failed]
        return done.success, "; ".join(str(reason.description) for reason in reasons if reason)

    def _compared(self, case: Case, first: date, result: Result) -> Result:
        start, end = clock.kst_midnight(first), clock.kst_midnight(first + DAYS_OF_A_CASE * DAY)
        (table,) = SimulatorSource().asos_hourly([STATION], start, end)
        expected = {
            (t, _number(v)) for t, v in zip(*(table.column(c).to_pylist() for c in ("observed_at", "ta")), strict=True)
        }
        inside = f"observed_at >= TIMESTAMPTZ '{start}' AND observed_at < TIMESTAMPTZ '{end}'"
        with self.stores[case.provider].writer() as lake:
            found = lake.query(f"SELECT observed_at, ta FROM raw.asos_hourly WHERE {inside}").fetchall()
        stored = [(hour.astimezone(UTC), _number(text)) for hour, text in found]
        return replace(result, lost=len(expected - set(stored)), doubled=len(stored) - len(set(stored)))


def _number(text: str | None) -> float | None:
    # -99 is how the hub writes a missing temperature.
    return None if text is None or float(text) == -99.0 else float(text)


@contextmanager
def faulty_world(home: Path) -> Iterator[FaultyWorld]:
    """Both providers on one service, with waits between attempts left out."""
    with (
        KmaService(Observed(), key=KEY) as service,
        dg.DagsterInstance.ephemeral() as instance,
        patch.object(http, "_backoff", lambda _: 0.0),
        patch.object(failures, "RETRIES", dg.RetryPolicy(max_retries=3, delay=0)),
    ):
        settings = {name: service_settings(home / name, service, name, (STATION,)) for name in (PORTAL, HUB)}
        stores = {name: LakeStore(of_provider) for name, of_provider in settings.items()}
        definitions = {name: _definitions(settings[name], stores[name]) for name in settings}
        yield FaultyWorld(service, definitions, stores, instance)
        for store in stores.values():
            store.close()


def _definitions(settings: Settings, store: LakeStore) -> dg.Definitions:
    jobs = [dg.define_asset_job("load_raw", selection=[raw_asos_hourly])]
    resources = {"lake": store, "readings": Readings(settings)}
    return dg.Definitions([raw_asos_hourly], jobs=jobs, resources=resources)
