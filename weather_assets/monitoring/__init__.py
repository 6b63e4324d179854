"""Watching the forecasts and the readings: verification, drift, sensor faults, alerts, metrics.

Belongs here: what is computed to judge. Does not: when it runs, where reports are shown.
"""
