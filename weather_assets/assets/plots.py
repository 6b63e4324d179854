"""Small pictures for the metadata of an asset, as Markdown with the image inside."""

import base64
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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
