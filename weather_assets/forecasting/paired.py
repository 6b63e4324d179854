"""Live scores as means over blocks of days, from the verification tables: of two versions paired, or of a champion."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from weather_assets import clock
from weather_assets.clock import DAY
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.issue import LIVE
from weather_assets.forecasting.registry import CHALLENGER, CHAMPION, Version
from weather_assets.forecasting.sequential import BLOCK_DAYS
from weather_assets.forecasting.targets import Kind, Target
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.tables import VERIFICATION, VERIFICATION_DAILY, VERIFICATION_RAIN

SCORED: Mapping[Kind, tuple[TableContract, str]] = {
    "hourly": (VERIFICATION, "crps"),
    "daily": (VERIFICATION_DAILY, "crps"),
    "rain": (VERIFICATION_RAIN, "brier"),
}
"""Where the forecasts of a kind are scored, and the column of the score; lower is better."""


@dataclass(frozen=True)
class Blocks:
    """Mean scores (B,) of two versions over the blocks in which both were scored, in order."""

    champion: Floats
    challenger: Floats


@dataclass(frozen=True)
class ScoreBlocks:
    """Mean scores (B,) of a champion and of persistence over the blocks, in order."""

    score: Floats
    persistence: Floats


def champion_blocks(lake: Lake, target: Target, version: Version, most: int) -> ScoreBlocks:
    """Return the live scores of a version as champion over whole blocks, of the last `most` at the most.

    What it did in an earlier reign is not counted: versions may return.
    """
    table, score = SCORED[target.kind]
    error = "persistence - observed"
    persistence = f"({error}) * ({error})" if target.kind == "rain" else f"abs({error})"
    rows = lake.query(
        f"""
SELECT avg({score}), avg({persistence}) FROM lake.{table.qualified_name}
WHERE target = ? AND model_version = ? AND role = '{CHAMPION}' AND kind = '{LIVE}' AND persistence IS NOT NULL
    AND CAST({table.time_column} AS DATE) > DATE '{clock.kst_date(clock.now()) - (most + 1) * BLOCK_DAYS * DAY}'
GROUP BY {_block(table)} ORDER BY {_block(table)} DESC LIMIT {most + 1}""",
        [target.name, str(version.number)],
    ).fetchall()
    # The newest block is not whole yet.
    both = np.array(rows[:0:-1], dtype=np.float64).reshape(-1, 2)
    return ScoreBlocks(both[:, 0], both[:, 1])


def paired_blocks(lake: Lake, target: Target, champion: int, challenger: int, before: date) -> Blocks:
    """Return the mean scores of two versions, given by number, over whole blocks of days that ended before a KST day.

    Only live forecasts count that both issued from the same hour of the same station for the same time.
    """
    table, score = SCORED[target.kind]
    block = _block(table)
    rows = lake.query(
        f"""
WITH scored AS (
    SELECT station_id, issued_at, {table.time_column}, {block} AS block,
        avg({score}) FILTER (role = '{CHAMPION}' AND model_version = ?) AS champion,
        avg({score}) FILTER (role = '{CHALLENGER}' AND model_version = ?) AS challenger
    FROM lake.{table.qualified_name}
    WHERE target = ? AND kind = '{LIVE}'
        AND DATE '2000-01-01' + CAST(({block} + 1) * {BLOCK_DAYS} AS INTEGER) <= DATE '{before}'
    GROUP BY ALL
)
SELECT avg(champion), avg(challenger) FROM scored
WHERE champion IS NOT NULL AND challenger IS NOT NULL GROUP BY block ORDER BY block""",
        [str(champion), str(challenger), target.name],
    ).fetchall()
    both = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return Blocks(both[:, 0], both[:, 1])


def _block(table: TableContract) -> str:
    return f"(date_diff('day', DATE '2000-01-01', CAST({table.time_column} AS DATE)) // {BLOCK_DAYS})"
