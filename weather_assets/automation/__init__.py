"""When things run: partitions, jobs, schedules, sensors, the Dagster instance and its event-log storage.

No domain rules: what a reading means, how a table is built or a model judged belongs in the domain folders.
"""
