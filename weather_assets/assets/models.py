"""Model layer: one partition per target; each materialisation is one training, tracked and registered in MLflow."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import dagster as dg

from weather_assets import clock
from weather_assets.assets.clean import clean_asos_hourly
from weather_assets.assets.describe import OWNERS, TRAINING_POOL
from weather_assets.assets.features import features_hourly
from weather_assets.assets.plots import importance_plot
from weather_assets.assets.resources import LakeStore
from weather_assets.assets.tracking import MlflowTracking
from weather_assets.automation.partitions import TARGET_PARTITIONS
from weather_assets.errors import TooFewReadingsError
from weather_assets.forecasting.dataset import TrainingData, newest_reading, stations_of, training_data
from weather_assets.forecasting.estimators import TrainedModel, estimator_for
from weather_assets.forecasting.targets import TARGETS, Target


class TrainConfig(dg.Config):
    """Configuration of a training."""

    through: str | None = None
    """Last instant whose readings may be used (ISO 8601); by default the newest reading of the lake."""
    estimator: str | None = None
    """Name of the estimator; by default the first of the target's kind (see forecasting/estimators.py)."""


@dg.asset(
    key=["models", "trained"],
    deps=[
        dg.AssetDep(features_hourly, partition_mapping=dg.AllPartitionMapping()),
        dg.AssetDep(clean_asos_hourly, partition_mapping=dg.AllPartitionMapping()),
    ],
    group_name="models",
    partitions_def=TARGET_PARTITIONS,
    pool=TRAINING_POOL,
    owners=OWNERS,
    kinds={"lightgbm", "mlflow"},
)
def models_trained(
    context: dg.AssetExecutionContext,
    config: TrainConfig,
    lake: dg.ResourceParam[LakeStore],
    tracking: dg.ResourceParam[MlflowTracking],
) -> dg.MaterializeResult[None]:
    """A model per target on all stations of the lake, gated against persistence, climatology and ridge, registered.

    With the same readings and recipe as an earlier version nothing is trained again.
    """
    from weather_assets.forecasting.promotion import admit, recipe_id
    from weather_assets.forecasting.provenance import provenance

    target, known_at = TARGETS[context.partition_key], clock.now()
    estimator, registry = estimator_for(target, config.estimator), tracking.registry()
    data, through, stations = _read(lake, target, config, known_at)
    recipe = recipe_id(estimator, data.feature_names)
    same = registry.trained_on(target.name, data.fingerprint, recipe)
    if same is not None:
        return dg.MaterializeResult(metadata={"version": same.number, "decision": "nothing new to learn from"})
    if data.observations.empty:
        # Not every station measures dust: the other targets do without it.
        return dg.MaterializeResult(metadata={"decision": f"not trained: no observations of {target.element}"})
    try:
        forecaster = estimator.train()(target, data.features, data.observations, through, progress=context.log.info)
    except TooFewReadingsError as error:
        return dg.MaterializeResult(metadata={"decision": f"not trained: {error}"})
    with tracking.run(context, f"{target.name} through {through:%Y-%m-%d %H:%M}", {"target": target.name}) as mlflow:
        _log(mlflow, forecaster, data)
        leaks = _leaks(data, target)
        origin = provenance(
            fingerprint=data.fingerprint,
            snapshot=data.snapshot,
            known_at=known_at,
            stations=stations,
            estimator=estimator.name,
        )
        version, decision = admit(registry, forecaster, recipe, origin, leaks)
        mlflow.set_tags({"version": str(version.number), "decision": decision.reason})
    return dg.MaterializeResult(
        metadata={
            "version": version.number,
            "decision": decision.reason,
            "holdout_rmse": forecaster.holdout.mean_rmse,
            "holdout_crps_skill": forecaster.holdout.crps_skill,
            "importance": dg.MetadataValue.md(
                importance_plot(forecaster.importance(), f"Effect on {target.label_en.lower()} ({target.unit})")
            ),
        }
    )


def _read(
    lake: LakeStore, target: Target, config: TrainConfig, known_at: datetime
) -> tuple[TrainingData, datetime, Sequence[int]]:
    """Data of the newest snapshot, the end of training, and the stations.

    Another process may write meanwhile, so what is read is the snapshot that the version will name.
    """
    with lake.writer() as opened:
        snapshot = opened.snapshot()
    with lake.at(snapshot) as opened:
        asked = clock.parse_instant(config.through) if config.through else known_at
        through, stations = min(asked, newest_reading(opened)), stations_of(opened)
        return training_data(opened, target, stations, through, known_at=known_at), through, stations


def _leaks(data: TrainingData, target: Target) -> list[str]:
    """Features that know the future; daily features and those of rain are made of the hourly ones."""
    from weather_assets.forecasting.leaks import leaking_features

    if target.kind != "hourly":
        return []
    return leaking_features(data.features, data.observations, data.feature_names, target.leads)


def _log(mlflow: Any, forecaster: TrainedModel, data: TrainingData) -> None:
    """Parameters, features, and the hold-out's scores with the lead as MLflow's step."""
    holdout = forecaster.holdout
    mlflow.log_params(
        {
            **forecaster.parameters,
            "trained_through": forecaster.trained_through.isoformat(),
            "lake_snapshot": data.snapshot,
            "stations": ",".join(map(str, sorted(set(data.observations["station_id"])))),
            "features": len(forecaster.feature_names),
        }
    )
    mlflow.log_dict({"features": list(forecaster.feature_names)}, "features.json")
    scores = {name: getattr(holdout, name) for name in ("rmse", "mae", "bias", "crps", "coverage_50", "coverage_80")}
    scores |= {f"rmse_{baseline}": values for baseline, values in holdout.baseline_rmse.items()}
    for place, lead in enumerate(holdout.lead_hours):
        mlflow.log_metrics({f"holdout_{name}": values[place] for name, values in scores.items()}, step=lead)
    mlflow.log_metrics({"holdout_mean_rmse": holdout.mean_rmse, "holdout_crps_skill": holdout.crps_skill})
