"""The service as a whole: its record, its clock, corrections, connections, and how it runs as a command."""

import http.client
import time
import urllib.parse
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from weather_assets.clock import KST
from weather_assets.errors import UsageError
from weather_assets.sources.kma_csv import KmaCsvSource
from weather_assets.sources.kma_service import Correction, Fault, FaultKind, KmaService, LateReading, run_service
from weather_assets.sources.simulator import SimulatorSource

Question = Callable[..., Any]


KEY = "abc+/=key=="
NOON = datetime(2021, 6, 1, 12, tzinfo=KST)
LATER = datetime(2021, 6, 3, 15, 30, tzinfo=KST)


def test_requests_are_recorded_without_the_key(service: KmaService, hourly: Question, hub: Question) -> None:
    service.inject(Fault(FaultKind.DUPLICATE_ROWS))
    hourly(pageNo=1)
    hub("kma_sfctm2", stn=108)
    assert [(request.endpoint, request.faults) for request in service.requests] == [
        ("AsosHourlyInfoService", (FaultKind.DUPLICATE_ROWS,)),
        ("kma_sfctm2", ()),
    ]
    assert service.requests[1].parameters == {"stn": "108"}
    assert (service.calls(), service.calls("kma_sfctm2"), service.calls("kma_sfctm3")) == (2, 1, 0)
    assert "key" not in repr(service.requests).lower()


def test_the_service_writes_nothing_to_the_terminal(
    hourly: Question, hub: Question, capfd: pytest.CaptureFixture[str]
) -> None:
    hourly(serviceKey="wrong")
    hub("nothing")
    assert capfd.readouterr() == ("", "")


def test_a_correction_holds_from_its_time_on_in_every_format(
    service: KmaService, hourly: Question, daily: Question, hub: Question
) -> None:
    service.correct(Correction(108, NOON, "ta", "33.3", since=LATER))
    hour = {"startHh": "12", "endDt": "20210601", "endHh": "12"}
    before = (hourly(**hour).items[0]["ta"], daily().items[0]["maxTa"])
    service.set_now(LATER)
    after = (hourly(**hour).items[0]["ta"], daily().items[0]["maxTa"])
    assert (before, after) == (("12.5", "23.5"), ("33.3", "33.3"))
    assert hub("kma_sfctm2", tm="202106011200", stn=108).lines[0].split()[11] == "33.3"
    assert hub("kma_sfctm2", tm="202106011200", stn=129).lines[0].split()[11] == "-9.0"


def test_a_corrected_value_may_become_blank_and_change_again(service: KmaService, hourly: Question) -> None:
    service.correct(Correction(108, NOON, "ta", None, since=LATER))
    service.correct(Correction(108, NOON, "ta", "1", since=LATER + timedelta(hours=1)))
    hour = {"startHh": "12", "endDt": "20210601", "endHh": "12"}
    service.set_now(LATER)
    assert hourly(**hour).items[0]["ta"] == ""
    service.set_now(LATER + timedelta(hours=1))
    assert hourly(**hour).items[0]["ta"] == "1.0"


def test_a_late_reading_is_absent_before_its_time(service: KmaService, hourly: Question) -> None:
    service.withhold(LateReading(108, NOON, since=LATER))
    assert len(hourly().items) == 47
    service.set_now(LATER)
    assert len(hourly().items) == 48


def test_changes_can_be_given_from_the_start(source: Any, ask: Question) -> None:
    correction = Correction(108, NOON, "ta", "0", since=NOON)
    late = LateReading(129, NOON, since=LATER)
    with KmaService(source, key=KEY, now=NOON + timedelta(hours=1), corrections=[correction], late=[late]) as service:
        answer = ask(f"{service.hub_url}/kma_sfctm2.php", authKey=KEY, tm="202106011200")
    assert [[*line.split()[:2], line.split()[11]] for line in answer.lines] == [["202106011200", "108", "0.0"]]


def test_a_connection_is_kept_for_many_requests(service: KmaService) -> None:
    host = urllib.parse.urlsplit(service.hub_url)
    connection = http.client.HTTPConnection(host.netloc, timeout=5)
    query = urllib.parse.urlencode({"authKey": KEY})
    for _ in range(5):
        connection.request("GET", f"{host.path}/kma_sfctm2.php?{query}")
        assert connection.getresponse().read().startswith(b"#START7777")
    connection.close()
    assert (service.connections, service.calls()) == (1, 5)


def test_a_years_pages_ask_the_source_once(service: KmaService, source: Any, hourly: Question) -> None:
    service.set_now(datetime(2022, 1, 2, tzinfo=KST))
    asked = source.questions
    for page in range(1, 6):
        hourly(pageNo=page, numOfRows=10, startDt="20210101", endDt="20211231")
    assert source.questions == asked + 1


def test_a_station_that_the_source_lacks_has_no_data_and_none_at_all_is_an_error(source: Any, hourly: Question) -> None:
    assert hourly(stnIds="90").code == "03"
    with pytest.raises(UsageError, match="no such station"):
        KmaService(source, station_ids=[90, 93])


def test_an_error_of_the_service_itself_surfaces(source: Any, ask: Question) -> None:
    def broken() -> datetime:
        raise ZeroDivisionError

    service = KmaService(source, key=KEY, now=broken)
    with pytest.raises(ZeroDivisionError), service, pytest.raises(http.client.RemoteDisconnected):
        ask(f"{service.hub_url}/kma_sfctm2.php", authKey=KEY)


def test_outside_its_context_it_has_no_address(source: Any) -> None:
    with pytest.raises(RuntimeError, match="with KmaService"):
        _ = KmaService(source).hub_url


def test_the_simulator_speaks_for_95_stations(ask: Question) -> None:
    with KmaService(SimulatorSource(), now=datetime(2021, 6, 3, 9, 20, tzinfo=KST)) as service:
        answer = ask(f"{service.hub_url}/kma_sfctm2.php", authKey="local-key", stn=0)
    assert {len(line.split()) for line in answer.lines} == {46}
    assert {line[:12] for line in answer.lines} == {"202106030900"}
    assert len(answer.lines) >= 90


def test_a_real_year_is_served_quickly_and_whole(shared_data: Path, ask: Question) -> None:
    """Seoul 2019 by pages of 999: the 8,760 hours of the portal's file, in seconds."""
    source = KmaCsvSource(shared_data / "asos_hourly" / "108")
    with KmaService(source, now=datetime(2021, 1, 1, tzinfo=KST)) as service:
        begin = time.monotonic()
        pages = [
            ask(
                f"{service.data_go_kr_url}/AsosHourlyInfoService/getWthrDataList", serviceKey="local-key",
                dataType="JSON", dataCd="ASOS", dateCd="HR", startDt="20190101", startHh="00", endDt="20191231",
                endHh="23", stnIds="108", numOfRows=999, pageNo=page,
            ).items
            for page in range(1, 10)
        ]  # fmt: skip
        seconds = time.monotonic() - begin
    assert len({item["tm"] for page in pages for item in page}) == 8760
    assert seconds < 15


class Enough(Exception):  # noqa: N818
    """Ends a run that would go on until Ctrl-C."""


def test_the_command_announces_where_it_listens_and_keeps_its_clock(source: Any, ask: Question) -> None:
    lines: list[str] = []

    def announce(line: str) -> None:
        lines.append(line)
        if "hub" in line:
            url = line.rsplit(maxsplit=1)[-1]
            for _ in range(2):
                lines.extend(ask(f"{url}/kma_sfctm2.php", authKey=KEY, stn=108).lines)
            raise Enough

    starts_at = datetime(2021, 6, 2, 7, 15, tzinfo=KST)
    with pytest.raises(Enough):
        run_service(source, port=0, key=KEY, announce=announce, faults=["empty_body:after=1"], starts_at=starts_at)
    assert [line.split()[0] for line in lines] == ["data.go.kr", "AirKorea", "KMA", "202106020700"]


def test_a_taken_port_is_one_clear_line(source: Any, service: KmaService) -> None:
    taken = int(service.url.rpartition(":")[2])
    with pytest.raises(UsageError, match=f"port {taken}.*--port"):
        run_service(source, port=taken, key=KEY, announce=lambda _: None)
