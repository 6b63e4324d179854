"""The daily look at a target's champion and challenger: what is decided and done, and the evidence for it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from weather_assets import clock
from weather_assets.forecasting.attempt import Failure, Loader, attempt
from weather_assets.forecasting.broken import BROKEN_BLOCKS, BROKEN_FACTOR, is_broken, is_far_off
from weather_assets.forecasting.issue import newest_features
from weather_assets.forecasting.paired import champion_blocks, paired_blocks
from weather_assets.forecasting.promotion import origin_of
from weather_assets.forecasting.registry import CHALLENGER, CHAMPION, PREVIOUS, SCORE_TAG, Version
from weather_assets.forecasting.succession import Versions, challenge, next_in_line, promote, retire, roll_back
from weather_assets.forecasting.targets import Target
from weather_assets.forecasting.trial import Verdict, judge_challenger
from weather_assets.lake.lake import Lake
from weather_assets.tables import PROMOTION

_ERRS_FAR = f"the champion errs {BROKEN_FACTOR:.0f} times as much as it should and more than persistence"


class Models(Versions, Loader, Protocol):
    """The part of a registry that a review needs."""


@dataclass(frozen=True)
class Review:
    """A decision and its evidence, a row of monitor.promotion; None where there is nothing to tell."""

    target: str
    decided_at: datetime
    decision: str
    reason: str
    champion: int | None = None
    challenger: int | None = None
    blocks: int | None = None
    mean_gain: float | None = None
    e_value: float | None = None
    e_value_against: float | None = None


def review(lake: Lake, registry: Models, target: Target, station_ids: Sequence[int]) -> Review:
    """Decide on a target and do what is decided.

    A broken champion is replaced at once, a challenger that is broken or overtaken is retired; else the challenger is
    promoted, retired or left on trial by its paired scores. A champion far outside its expected error gives way to a
    challenger that is not, and where nobody is on trial to the former one; else the newest that waits comes next.
    """
    champion, challenger = registry.with_alias(target.name, CHAMPION), registry.with_alias(target.name, CHALLENGER)
    if champion is None:
        return _told(target, "none", "there is no champion yet: weather train makes one")
    unusable = _unusable(lake, registry, target, champion, station_ids)
    if unusable is not None:
        return _replace(lake, registry, target, champion, challenger, str(unusable), station_ids)
    if challenger is None:
        back = _back_to_the_former(lake, registry, target, champion, station_ids)
        return back or _call_next(registry, target, champion)
    overtaken = challenger.number < champion.number
    failed = None if overtaken else _unusable(lake, registry, target, challenger, station_ids)
    if overtaken or failed is not None:
        reason = "a newer version was promoted meanwhile" if overtaken else str(failed)
        retire(registry, challenger, reason)
        return _told(target, "retire", reason, champion, challenger)
    return _judge(lake, registry, target, champion, challenger)


def record(lake: Lake, made: Review) -> None:
    """Append a review to monitor.promotion."""
    with lake.registered("made_reviews", pa.Table.from_pylist([asdict(made)])):
        lake.append(PROMOTION, "SELECT * FROM made_reviews")


def _judge(lake: Lake, registry: Models, target: Target, champion: Version, challenger: Version) -> Review:
    """Decide by the scores of both on the same forecasts; a broken champion gives way to one that is not far off."""
    blocks = paired_blocks(lake, target, champion.number, challenger.number, clock.kst_date(clock.now()))
    usual = float(champion.tags[SCORE_TAG])
    is_refresh = origin_of(champion).recipe == origin_of(challenger).recipe
    verdict = judge_challenger((blocks.champion - blocks.challenger) / usual, is_refresh=is_refresh)
    outcome, reason = verdict.outcome, verdict.reason
    # A challenger without scores of its own has shown nothing yet.
    is_sound = len(blocks.challenger) >= BROKEN_BLOCKS and not is_far_off(blocks.challenger, usual)
    is_saved = outcome == "wait" and is_sound and _is_broken(lake, target, champion)
    if is_saved:
        outcome, reason = "promote", f"{_ERRS_FAR} ({reason})"
    if outcome == "promote":
        promote(registry, challenger, reason, champion_is_broken=is_saved)
    elif outcome == "retire":
        retire(registry, challenger, reason)
    return _told(target, outcome, reason, champion, challenger, verdict)


def _is_broken(lake: Lake, target: Target, champion: Version) -> bool:
    return is_broken(champion_blocks(lake, target, champion, BROKEN_BLOCKS), float(champion.tags[SCORE_TAG]))


def _back_to_the_former(
    lake: Lake, registry: Models, target: Target, champion: Version, station_ids: Sequence[int]
) -> Review | None:
    """Roll back from a champion that errs far more than it should; None where it does not, or there is none before."""
    previous = registry.with_alias(target.name, PREVIOUS)
    if previous is None or SCORE_TAG not in champion.tags or not _is_broken(lake, target, champion):
        return None
    if _unusable(lake, registry, target, previous, station_ids) is not None:
        return None
    reason = f"{_ERRS_FAR}, and nobody is on trial; back to version {previous.number}"
    roll_back(registry, target.name, reason)
    return _told(target, "replace", reason, champion, None)


def _replace(
    lake: Lake,
    registry: Models,
    target: Target,
    champion: Version,
    challenger: Version | None,
    reason: str,
    station_ids: Sequence[int],
) -> Review:
    """Put the challenger, or else the former champion, in the place of a champion that cannot forecast."""
    if challenger is not None and _unusable(lake, registry, target, challenger, station_ids) is None:
        promote(registry, challenger, reason, champion_is_broken=True)
        return _told(target, "replace", f"{reason}; its challenger takes its place", champion, challenger)
    previous = registry.with_alias(target.name, PREVIOUS)
    if previous is not None and _unusable(lake, registry, target, previous, station_ids) is None:
        roll_back(registry, target.name, reason)
        return _told(target, "replace", f"{reason}; back to version {previous.number}", champion, challenger)
    remedy = f"no other version works either: weather train --target {target.name}"
    return _told(target, "broken", f"{reason}; {remedy}", champion, challenger)


def _unusable(
    lake: Lake, registry: Models, target: Target, version: Version, station_ids: Sequence[int]
) -> Failure | None:
    """Why a version cannot forecast from the newest features; None where it can, or there are no features."""
    features = newest_features(lake, target.kind, station_ids)
    tried = None if features.empty else attempt(registry, version, features)
    return tried if isinstance(tried, Failure) else None


def _call_next(registry: Models, target: Target, champion: Version) -> Review:
    following = next_in_line(registry.versions(target.name))
    if following is None:
        return _told(target, "none", "nobody is on trial and nobody waits", champion)
    reason = "its turn has come: forecasts beside the champion"
    challenge(registry, following, reason)
    return _told(target, "challenge", reason, champion, following)


def _told(
    target: Target,
    decision: str,
    reason: str,
    champion: Version | None = None,
    challenger: Version | None = None,
    verdict: Verdict | None = None,
) -> Review:
    seen = verdict if verdict is not None and verdict.blocks else None
    return Review(
        target=target.name,
        decided_at=clock.now(),
        decision=decision,
        reason=reason,
        champion=champion.number if champion else None,
        challenger=challenger.number if challenger else None,
        blocks=seen.blocks if seen else None,
        mean_gain=seen.mean_gain if seen else None,
        e_value=seen.e_value if seen else None,
        e_value_against=seen.e_value_against if seen else None,
    )
