"""What programs read from the command line: JSON and nothing else on standard output."""

import json
from datetime import date, datetime
from decimal import Decimal

from rich.console import Console


def print_json(console: Console, value: object) -> None:
    """Write a value as one JSON document; timestamps as ISO 8601 with their offset, NaN as null."""
    console.file.write(json.dumps(_finite(value), default=_plain, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def _finite(value: object) -> object:
    """JSON has no NaN and no infinity."""
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)
