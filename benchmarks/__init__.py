"""Side-by-side measurements against what a user would pick instead; `python -m benchmarks.report` runs the comparisons.

Both sides of a comparison run in the same invocation, in turn, so what is printed is a ratio and not a machine. The
other modules here measure one thing each and are run by themselves.
"""
