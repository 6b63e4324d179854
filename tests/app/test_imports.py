"""The app knows the lake, outlooks and settings; how forecasts are made is none of its business."""

import ast

from weather_assets.commands.services import APP_FILE

ALLOWED = (
    "weather_assets.lake",
    "weather_assets.outlook",
    "weather_assets.settings",
    # Facts, not behaviour.
    "weather_assets.clock",
    "weather_assets.daily_elements",
    "weather_assets.elements",
    "weather_assets.errors",
    "weather_assets.stations",
    "weather_assets.tables",
)


def test_the_app_imports_only_what_it_reads() -> None:
    strangers = []
    for file in APP_FILE.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            ours = [name for name in names if name.startswith("weather_assets")]
            strangers += [f"{file.name}: {name}" for name in ours if not name.startswith(ALLOWED)]
    assert strangers == []
