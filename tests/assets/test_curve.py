"""The picture of an hour's forecast: what it shows, read back from its Markdown."""

import base64
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pyarrow as pa
import pytest

from weather_assets.assets.curve import forecast_curve
from weather_assets.lake.contracts import arrow_schema
from weather_assets.tables import FORECAST_HOURLY

ISSUED = datetime(2020, 1, 30, 14, 10, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def row(target: str, lead: int, median: float, role: str = "champion") -> dict[str, object]:
    spread = {"p10": -2.0, "p25": -1.0, "p50": 0.0, "p75": 1.0, "p90": 2.0}
    row = dict.fromkeys(arrow_schema(FORECAST_HOURLY).names)
    row |= {"target": target, "station_id": 108, "issued_at": ISSUED, "lead_hours": lead, "role": role}
    row |= {"valid_at": ISSUED + timedelta(hours=lead), **{name: median + by for name, by in spread.items()}}
    return row


def drawn(rows: list[dict[str, object]]) -> ET.Element:
    markdown = forecast_curve(pa.Table.from_pylist(rows, arrow_schema(FORECAST_HOURLY)))
    head, _, data = markdown.removesuffix(")").partition(";base64,")
    assert head == "![forecast curve](data:image/svg+xml"
    return ET.fromstring(base64.b64decode(data))  # noqa: S314  # our own text


def heights(line: ET.Element) -> list[float]:
    return [float(point.split(",")[1]) for point in line.attrib["points"].split()]


def test_a_median_and_two_bands_for_each_target() -> None:
    rows = [row(name, lead, lead) for name in ("air_temperature_c", "relative_humidity_pct") for lead in range(1, 49)]
    picture = drawn(rows)
    assert len(picture.findall(f"{SVG}polyline")) == 2
    assert len(picture.findall(f"{SVG}polygon")) == 4
    words = [text.text or "" for text in picture.findall(f"{SVG}text")]
    assert words[0].startswith("station 108, issued 2020-01-30 23:10 KST")
    assert {"-1.0", "50.0"} <= set(words)  # the ends of the 80 % band


def test_a_rising_forecast_rises() -> None:
    (line,) = drawn([row("air_temperature_c", lead, lead) for lead in range(1, 49)]).findall(f"{SVG}polyline")
    assert heights(line) == sorted(heights(line), reverse=True)


@pytest.mark.parametrize("roles", [("champion", "challenger"), ("challenger", "champion")])
def test_the_champion_is_shown_and_no_challenger(roles: tuple[str, str]) -> None:
    medians = {"champion": 0.0, "challenger": 30.0}
    rows = [row("air_temperature_c", lead, medians[role], role) for role in roles for lead in range(1, 49)]
    words = [text.text for text in drawn(rows).findall(f"{SVG}text")]
    assert "2.0" in words
    assert "32.0" not in words
