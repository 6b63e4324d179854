"""Small pictures for the metadata of an asset, as Markdown with the image inside."""

import base64
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from weather_assets.clock import KST
from weather_assets.forecasting.targets import targets_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def forecast_plot(issued: pa.Table) -> str:
    """The curve of each target for the first station: median, 50 % and 80 % band over the lead."""
    from matplotlib.figure import Figure

    rows = issued.to_pandas().sort_values("role")  # champion goes before challenger
    station = rows["station_id"].iloc[0]
    targets = targets_of("hourly")
    figure = Figure(figsize=(8, 2.4 * len(targets)), layout="constrained")
    for axes, target in zip(figure.subplots(len(targets), 1, squeeze=False)[:, 0], targets.values(), strict=True):
        curve = rows[(rows["station_id"] == station) & (rows["target"] == target.name)]
        curve = curve.drop_duplicates("lead_hours").sort_values("lead_hours")
        times = curve["valid_at"].dt.tz_convert(KST).dt.tz_localize(None)
        axes.fill_between(times, curve["p10"], curve["p90"], alpha=0.2, color="tab:blue", label="80 %")
        axes.fill_between(times, curve["p25"], curve["p75"], alpha=0.35, color="tab:blue", label="50 %")
        axes.plot(times, curve["p50"], color="tab:blue", label="median")
        axes.set_ylabel(f"{target.label_en} ({target.unit})")
        axes.grid(alpha=0.3)
    axes.set_xlabel(f"station {station}, issued {rows['issued_at'].iloc[0].tz_convert(KST):%Y-%m-%d %H:%M} KST")
    axes.legend(loc="upper right", ncols=3)
    return _markdown(figure, "forecast curve")


def importance_plot(importance: Mapping[str, float], title: str) -> str:
    """Horizontal bars of the features that matter most, largest on top."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 0.28 * len(importance) + 0.8), layout="constrained")
    axes: Axes = figure.subplots()
    axes.barh(list(importance), list(importance.values()), color="tab:blue")
    axes.invert_yaxis()
    axes.set_title(title)
    return _markdown(figure, "feature importance")


def _markdown(figure: "Figure", alternative: str) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=80)
    return f"![{alternative}](data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()})"
