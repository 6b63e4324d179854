"""The DuckLake that holds every table: connection, table contracts, replace-a-window, snapshots.

Belongs here: what is true of any table. Does not: what a column means to a forecaster, Dagster.
"""
