"""The key of a service is in nothing that a load writes: logs, events, metadata, tags, the lake, the budget."""

import json
import logging
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote

import pytest
from local_services import KEY, service_settings
from service_faults import Observed

from weather_assets.automation.instance import open_instance
from weather_assets.automation.runs import Runner
from weather_assets.clock import parse_day
from weather_assets.definitions import build_definitions
from weather_assets.errors import WeatherError
from weather_assets.sources import http
from weather_assets.sources.kma_service import Fault, FaultKind, KmaService

SPELLINGS = {spelt.encode() for spelt in (KEY, quote(KEY), quote_plus(KEY), unquote(KEY), json.dumps(KEY)[1:-1])}


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["data_go_kr", "kma_api_hub"])
def test_the_key_is_in_nothing_that_is_written(
    provider: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "_backoff", lambda _: 0.0)
    caplog.set_level(logging.DEBUG)
    home, day = tmp_path / "home", parse_day("2021-01-05")
    said = []
    with KmaService(Observed(), key=KEY) as service, open_instance(home) as instance:
        settings = service_settings(home, service, provider)
        runner = Runner(build_definitions(settings), instance)
        service.inject(Fault(FaultKind.KEY_ECHO, times=3))
        runner.days("load_raw", day, day)
        for fault in (Fault(FaultKind.QUOTA), Fault(FaultKind.HTTP_STATUS, http_status=401)):
            service.inject(fault)
            with pytest.raises(WeatherError) as failed:
                runner.days("load_raw", parse_day("2021-02-01"), parse_day("2021-02-02"))
            said.append(repr(failed.value) + str(failed.value))
        said += [entry.to_json() for record in instance.get_runs() for entry in instance.all_logs(record.run_id)]
        said += [repr(settings), repr(runner)]
    assert any("HTTP 500" in record.getMessage() for record in caplog.records)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"calls.sqlite", "catalog.sqlite", "index.db"} <= {path.name for path in written}
    texts = [caplog.text, *capfd.readouterr(), *said]
    found = [path.read_bytes() for path in written] + [text.encode() for text in texts]
    assert not [spelt for spelt in SPELLINGS for content in found if spelt in content]
