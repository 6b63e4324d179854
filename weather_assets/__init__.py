"""Weather-station readings in, forecasts people can trust out: a Dagster asset graph over a DuckLake.

Rooms: `sources` bring readings in, `lake` keeps them, `quality`, `features` and `forecasting` are pure functions
on tables, `assets` and `automation` tell Dagster what depends on what and when it runs.
"""
