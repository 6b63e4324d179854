"""The forecast of an hour as a small picture for its metadata: an SVG in Markdown.

Written by hand, because it is made every hour: importing a plotting library takes ten times as long as the forecast.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from weather_assets.clock import KST
from weather_assets.forecasting.targets import Target, targets_of

_WIDTH, _PANEL, _LEFT, _TOP, _FOOT = 640, 170, 56, 22, 38
_BANDS = (("p10", "p90", 0.2), ("p25", "p75", 0.35))
"""Lower and upper quantile of a band, and how opaque it is."""

_HOURS_PER_TICK = 6
_Row = Mapping[str, Any]


def forecast_curve(issued: pa.Table) -> str:
    """The curve of each target for the first station: median, 50 % and 80 % band over the lead, as Markdown."""
    station = issued["station_id"][0].as_py()
    in_order = issued.sort_by([("lead_hours", "ascending"), ("role", "ascending")]).to_pylist()
    rows = [row for row in in_order if row["station_id"] == station]
    panels: list[str] = []
    for target in targets_of("hourly").values():
        # The champion's row of a lead comes after a challenger's, and takes its place.
        by_lead = {row["lead_hours"]: row for row in rows if row["target"] == target.name}
        if by_lead:
            panels.append(_panel(list(by_lead.values()), target, top=_TOP + len(panels) * (_PANEL + _FOOT)))
    issued_at = issued["issued_at"][0].as_py().astimezone(KST)
    title = f"station {station}, issued {issued_at:%Y-%m-%d %H:%M} KST: median, 50 % and 80 % band"
    height = _TOP + len(panels) * (_PANEL + _FOOT)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="white"/>'
        f"{_text(_LEFT, 14, title)}{''.join(panels)}</svg>"
    )
    return f"![forecast curve](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def _panel(rows: Sequence[_Row], target: Target, top: int) -> str:
    """One target: its bands, its median, and what the axes say."""
    low, high = min(row["p10"] for row in rows), max(row["p90"] for row in rows)
    last = max(row["lead_hours"] for row in rows)

    def place(lead: int, value: float) -> tuple[float, float]:
        share = (value - low) / ((high - low) or 1)
        return _LEFT + (_WIDTH - _LEFT - 12) * lead / last, top + _PANEL * (1 - share)

    def line(quantile: str) -> list[tuple[float, float]]:
        return [place(row["lead_hours"], row[quantile]) for row in rows]

    bands = "".join(
        f'<polygon points="{_points([*line(lower), *reversed(line(upper))])}" fill="#1f77b4" fill-opacity="{opacity}"/>'
        for lower, upper, opacity in _BANDS
    )
    median = f'<polyline points="{_points(line("p50"))}" fill="none" stroke="#1f77b4" stroke-width="1.5"/>'
    name = _text(_LEFT, top + _PANEL + 28, f"{target.label_en} ({target.unit})")
    ends = "".join(_text(4, place(0, value)[1] + 4, f"{value:.1f}") for value in (low, high))
    return bands + median + name + ends + "".join(_ticks(rows, place(0, low)[1], lambda lead: place(lead, low)[0]))


def _ticks(rows: Sequence[_Row], bottom: float, across: Callable[[int], float]) -> Iterator[str]:
    """The civil hour under every sixth lead."""
    for row in rows[_HOURS_PER_TICK - 1 :: _HOURS_PER_TICK]:
        yield _text(across(row["lead_hours"]) - 24, bottom + 14, f"{row['valid_at'].astimezone(KST):%d. %H:%M}")


def _points(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _text(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}">{words}</text>'
