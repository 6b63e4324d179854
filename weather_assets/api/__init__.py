"""The HTTP API: what programs and operators ask of the platform, answered from the lake, MLflow and Dagster.

Belongs here: routes, replies, errors, access. Does not: what a forecast is, or any query that others need too.
Start it with `weather up`, or `uvicorn --factory weather_assets.api.app:application`.
"""
