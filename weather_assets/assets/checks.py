"""Asset checks, made by one factory from the contracts of the tables: one step per asset, all its checks in it."""

from collections.abc import Iterable, Sequence

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationTargetMaterializationData

from weather_assets import clock
from weather_assets.assets.describe import asset_key
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.clock import DAY
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.monitoring.checks import MOST_SHOWN, Check, Scope, checks_of
from weather_assets.tables import CLEAN_ASOS_HOURLY, FEATURES_HOURLY, RAW_ASOS_HOURLY

_HOURLY = (RAW_ASOS_HOURLY, CLEAN_ASOS_HOURLY, FEATURES_HOURLY)
_DAYS_WITHOUT_PARTITION = 10
"""What is looked at where a check runs by itself."""


def table_checks(asset: dg.AssetsDefinition, table: TableContract) -> dg.AssetChecksDefinition:
    """The checks of a table's asset. Those that tell of a broken table block what is made of it; gaps only warn."""
    checks = {check.name: check for check in checks_of(table, hourly=table in _HOURLY)}
    key = asset_key(table)
    specs = [
        dg.AssetCheckSpec(name, asset=key, blocking=check.is_blocking, description=_described(check))
        for name, check in checks.items()
    ]
    output_names = {spec.name: spec.get_python_identifier() for spec in specs}

    @dg.multi_asset_check(name=f"check_{table.schema}_{table.name}", specs=specs, can_subset=True)
    def run_checks(
        context: dg.AssetCheckExecutionContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
    ) -> Iterable[dg.Output[None] | dg.AssetCheckEvaluation]:
        scope = _scope(context, readings.station_ids, asset.partitions_def)
        judged = _newest_materialization(context.instance, key)
        with lake.writer() as opened:
            told = [_told(checks[one.name], key, opened, scope, judged) for one in context.selected_asset_check_keys]
        for one in told:
            yield dg.Output(None, output_names[one.check_name])
            yield one

    return run_checks


def all_checks(
    assets: Sequence[dg.AssetsDefinition], tables: Sequence[TableContract]
) -> list[dg.AssetChecksDefinition]:
    """The checks of every asset that has a table."""
    of_key = {asset_key(table): table for table in tables}
    return [table_checks(asset, of_key[asset.key]) for asset in assets if asset.key in of_key]


def _described(check: Check) -> str:
    return (check.__doc__ or "").split("\n", 1)[0]


def _scope(
    context: dg.AssetCheckExecutionContext, station_ids: Sequence[int], partitions: dg.PartitionsDefinition[str] | None
) -> Scope:
    """The partitions of the run, or the last days where it has none."""
    now = clock.now()
    has_partitions = context.has_partition_key or context.has_partition_key_range
    if has_partitions and isinstance(partitions, dg.TimeWindowPartitionsDefinition):
        keys = context.partition_key_range
        start = partitions.time_window_for_partition_key(keys.start).start
        end = partitions.time_window_for_partition_key(keys.end).end
    else:
        end = clock.kst_midnight(clock.kst_date(now)) + DAY
        start = end - _DAYS_WITHOUT_PARTITION * DAY
    return Scope(station_ids, start, end, now)


def _newest_materialization(
    instance: dg.DagsterInstance, key: dg.AssetKey
) -> AssetCheckEvaluationTargetMaterializationData | None:
    """What a check tells of: the newest materialisation of its asset, if there is any."""
    newest = [record.asset_entry.last_materialization_record for record in instance.get_asset_records([key])]
    for one in filter(None, newest):
        return AssetCheckEvaluationTargetMaterializationData(
            run_id=one.run_id, storage_id=one.storage_id, timestamp=one.timestamp
        )
    return None


def _told(
    check: Check,
    key: dg.AssetKey,
    lake: Lake,
    scope: Scope,
    judged: AssetCheckEvaluationTargetMaterializationData | None,
) -> dg.AssetCheckEvaluation:
    """The outcome of a check as Dagster keeps it.

    From an AssetCheckResult Dagster would make the same, after listing every day since 2000 to find the newest.
    """
    offenders = check.offenders(lake, scope)
    shown = dg.MetadataValue.md("\n".join(f"* {one}" for one in offenders[:MOST_SHOWN]))
    return dg.AssetCheckEvaluation(
        asset_key=key,
        check_name=check.name,
        passed=not offenders,
        metadata={"offenders": shown} if offenders else {},
        target_materialization_data=judged,
        severity=dg.AssetCheckSeverity.ERROR if check.is_blocking else dg.AssetCheckSeverity.WARN,
        blocking=check.is_blocking,
    )
