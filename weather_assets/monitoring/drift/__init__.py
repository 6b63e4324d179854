"""Drift of what is measured: whether this season differs from the same season of the years before.

Belongs here: the samples that are compared, the test and the report. Does not: faults of sensors (faults/), loss of
skill (skill.py), and what is done about a drift (automation/).
"""
