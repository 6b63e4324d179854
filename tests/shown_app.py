"""The app run without a browser, and the lakes that it is shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings

NEWEST = datetime(2021, 2, 28, 20, tzinfo=UTC)
"""Hour of the newest reading: 2021-03-01 05:00 in Korea."""

Run = Callable[..., AppTest]


@contextmanager
def lake_of(home: Path, *, simulated: bool = True) -> Iterator[Lake]:
    """The lake of a home, made if need be, to write to."""
    with open_lake(Settings(_env_file=None, home=home), simulated=simulated) as lake:
        yield lake


def text(app: AppTest) -> str:
    """All that the page says."""
    html = [element.proto.body for element in app.get("html")]
    words = [element.value for kind in ("header", "subheader", "markdown") for element in app.get(kind)]
    return "\n".join([*html, *words])
