"""Quality control: from raw rows to values with flags. Rules come from `elements.py`.

Belongs here: tests on readings, as SQL on columns or pure functions. Does not: where tables lie, when they are built.
"""
