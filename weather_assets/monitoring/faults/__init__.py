"""Faults of sensors, found in the readings as received: one module per kind of fault, each a pure function.

Belongs here: what makes a stretch of readings suspect, and since when. Does not: judging single values (quality/), and
where readings come from or faults are written to.
"""
