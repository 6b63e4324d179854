"""Sensors that have models trained again: after a drift of what is measured, and after a loss of skill.

One run per target and decision: a decision has a key that is kept in the cursor and is the run's key too. A drift that
a sensor fault explains is told and not learnt from. No two drifts within COOL_DOWN start trainings.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import dagster as dg

from weather_assets import clock
from weather_assets.assets.describe import asset_key
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.alerts import tell_once
from weather_assets.automation.jobs import TRAIN_JOB
from weather_assets.automation.rebuild import REASON_TAG
from weather_assets.forecasting.paired import SCORED, champion_blocks
from weather_assets.forecasting.registry import CHAMPION, SCORE_TAG, SKILL_TAG
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.monitoring.alerts.alert import Message
from weather_assets.monitoring.drift.decisions import Spell, spells
from weather_assets.monitoring.skill import LONGEST_BLOCKS, Loss, loss_of
from weather_assets.tables import DRIFT

COOL_DOWN = timedelta(days=60)
MOST_KEPT = 200
FEWEST_FAULTY_DAYS = 7
"""With so many days of a sensor fault in its window a drift is the sensor's, not the weather's."""

_ON = dg.DefaultSensorStatus.RUNNING


@dataclass(frozen=True)
class Memory:
    """The cursor: the last event looked at, the decisions made, and when a drift last started trainings."""

    after: int = 0
    decided: tuple[str, ...] = ()
    trained_on: str = ""

    @staticmethod
    def read(cursor: str | None) -> "Memory":
        """From the text that the last tick left."""
        facts = json.loads(cursor) if cursor else {}
        return Memory(facts.get("after", 0), tuple(facts.get("decided", ())), facts.get("trained_on", ""))

    @property
    def cursor(self) -> str:
        """The text to leave for the next tick."""
        return json.dumps({"after": self.after, "decided": self.decided[-MOST_KEPT:], "trained_on": self.trained_on})

    def with_decision(self, key: str) -> "Memory":
        """The same after a decision."""
        return replace(self, decided=(*self.decided, key))


@dg.sensor(job_name=TRAIN_JOB, minimum_interval_seconds=300, default_status=_ON)
def retrain_on_drift(
    context: dg.SensorEvaluationContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.SensorResult:
    """After each report of monitor/drift: train every target anew when what is measured has drifted."""
    memory = Memory.read(context.cursor)
    newest = _newest_event(context.instance, asset_key(DRIFT))
    if newest <= memory.after:
        return _skip(memory, "no new drift report")
    memory = replace(memory, after=newest)
    with lake.reader() as opened:
        found = [*spells(opened, readings.station_ids)] if opened else []
    new = [spell for spell in found if spell.key not in memory.decided]
    if not new:
        known = ", ".join(spell.key for spell in found)
        return _skip(memory, f"decided before: {known}" if known else "nothing has drifted")
    words, requests = [], []
    for spell in new:
        reason = _reason_to_wait(spell, memory)
        said = reason or f"training {len(TARGETS)} targets anew"
        words.append(tell_once(context, readings.settings, _drift_message(spell, said, readings.settings.dagster_url)))
        memory = memory.with_decision(spell.key)
        if reason is None:
            memory = replace(memory, trained_on=str(clock.kst_date(clock.now())))
            requests = [_request(target, spell.key, words[-1]) for target in TARGETS]
    context.log.info("; ".join(words))
    return _decided(memory, requests, "; ".join(words))


def _reason_to_wait(spell: Spell, memory: Memory) -> str | None:
    if spell.faulty_days >= FEWEST_FAULTY_DAYS:
        return f"not learnt from: the sensor was at fault on {spell.faulty_days} days of it. Have it looked at"
    today = clock.kst_date(clock.now())
    if memory.trained_on and today - date.fromisoformat(memory.trained_on) < COOL_DOWN:
        return f"no training: a drift started one on {memory.trained_on}, less than {COOL_DOWN.days} days ago"
    return None


def _drift_message(spell: Spell, said: str, dagster_url: str) -> Message:
    title = f"Station {spell.station_id}: {spell.element} has drifted"
    text = f"since the week of {spell.began}, score {spell.score:.2f}; {said}"
    return Message("decided", spell.key, title, text, f"{dagster_url}/assets/monitor/drift")


@dg.sensor(job_name=TRAIN_JOB, minimum_interval_seconds=300, default_status=_ON)
def retrain_on_skill_loss(
    context: dg.SensorEvaluationContext,
    lake: dg.ResourceParam[LakeStore],
    readings: dg.ResourceParam[Readings],
    tracking: dg.ResourceParam[MlflowTracking],
) -> dg.SensorResult:
    """After new scores: train a target anew, once per champion, when its champion is no longer what was promised."""
    memory = Memory.read(context.cursor)
    newest = max(_newest_event(context.instance, asset_key(table)) for table in _verified_tables())
    if newest <= memory.after:
        return _skip(memory, "no new scores")
    memory = replace(memory, after=newest)
    if not tracking.registry().exists():
        return _skip(memory, "no model was trained yet")
    with lake.reader() as opened:
        losses = dict(_losses(opened, tracking)) if opened else {}
    lost = {key: loss for key, loss in losses.items() if loss.is_lost and key not in memory.decided}
    if not lost:
        said = "; ".join(f"{key}: {_standing(loss, is_told=key in memory.decided)}" for key, loss in losses.items())
        return _skip(memory, said or "no champion has been scored yet")
    requests, words = [], []
    for key, loss in lost.items():
        target = key.split(":")[1]
        words.append(tell_once(context, readings.settings, _loss_message(key, loss, readings.settings.dagster_url)))
        requests.append(_request(target, key, words[-1]))
        memory = memory.with_decision(key)
    return _decided(memory, requests, "; ".join(words))


def _loss_message(key: str, loss: Loss, dagster_url: str) -> Message:
    title = f"{key.split(':')[1]}: the champion has lost its skill"
    text = f"{loss.words}; training anew. A better version takes its place by the daily review"
    return Message("decided", key, title, text, f"{dagster_url}/assets/monitor/verification")


def _verified_tables() -> set[TableContract]:
    return {table for table, _ in SCORED.values()}


def _losses(lake: Lake, tracking: MlflowTracking) -> Iterator[tuple[str, Loss]]:
    """Decision key and loss of each champion that has been scored."""
    registry = tracking.registry()
    for target in TARGETS.values():
        champion = registry.with_alias(target.name, CHAMPION)
        if champion is None or not {SKILL_TAG, SCORE_TAG} <= champion.tags.keys():
            continue
        blocks = champion_blocks(lake, target, champion, LONGEST_BLOCKS)
        if len(blocks.score):
            yield f"skill:{target.name}:{champion.number}", loss_of(blocks, champion)


def _standing(loss: Loss, *, is_told: bool) -> str:
    return f"decided before, {loss.words}" if is_told else f"as promised, {loss.words}"


def _newest_event(instance: dg.DagsterInstance, key: dg.AssetKey) -> int:
    """Storage id of the asset's last materialisation, 0 where there is none."""
    records = instance.fetch_materializations(dg.AssetRecordsFilter(key), limit=1).records
    return records[0].storage_id if records else 0


def _request(target: str, decision: str, reason: str) -> dg.RunRequest:
    return dg.RunRequest(run_key=f"{decision}:{target}", partition_key=target, tags={REASON_TAG: reason})


def _skip(memory: Memory, reason: str) -> dg.SensorResult:
    return dg.SensorResult(skip_reason=reason, cursor=memory.cursor)


def _decided(memory: Memory, requests: list[dg.RunRequest], words: str) -> dg.SensorResult:
    if not requests:
        return _skip(memory, words)
    return dg.SensorResult(run_requests=requests, cursor=memory.cursor)
