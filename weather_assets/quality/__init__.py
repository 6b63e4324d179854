"""Quality control: from raw rows to values with flags, and to what was rejected and why.

Belongs here: tests on readings, one module each, as SQL on columns; ranges come from `elements.py`, all other limits
from `rules.py`. Only `of_lake` knows which rows of the lake they read. Does not: when tables are built.
"""
