"""Readings in: one module per provider behind the small Protocol of `protocol.py`.

Belongs here: fetching and parsing into the raw columns, as received. Does not: units, quality control, the lake.
"""
