"""The log of all runs as JSON, a line each, for programs that collect logs. Set as a handler in dagster.yaml.

Dagster's own pages show the same messages run by run.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from dagster._core.log_manager import LOG_RECORD_METADATA_ATTR
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)

_LARGEST_BYTES, _FILES = 20_000_000, 5


class JsonLines(logging.Formatter):
    """One JSON object: time, level, message, and of a message of a run: run_id, job, asset, partition."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as one line."""
        facts: Mapping[str, Any] = getattr(record, LOG_RECORD_METADATA_ATTR, {})
        tags = facts.get("job_tags") or {}
        line = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "message": facts.get("orig_message") or record.getMessage(),
            "run_id": facts.get("run_id"),
            "job": facts.get("job_name"),
            "asset": _asset(facts.get("step_key")),
            "partition": tags.get(PARTITION_NAME_TAG) or _range(tags),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps({name: value for name, value in line.items() if value is not None}, ensure_ascii=False)


class JsonLogFile(RotatingFileHandler):
    """A file of JsonLines that begins anew when it has grown to 20 MB; four older ones are kept."""

    def __init__(self, filename: str) -> None:
        Path(filename).parent.mkdir(parents=True, exist_ok=True)
        super().__init__(filename, maxBytes=_LARGEST_BYTES, backupCount=_FILES - 1, encoding="utf-8", delay=True)
        self.setFormatter(JsonLines())


def _asset(step_key: str | None) -> str | None:
    return step_key.replace("__", "/") if step_key else None


def _range(tags: Mapping[str, str]) -> str | None:
    first, last = tags.get(ASSET_PARTITION_RANGE_START_TAG), tags.get(ASSET_PARTITION_RANGE_END_TAG)
    return f"{first}...{last}" if first and last else None
