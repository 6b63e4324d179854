"""What a person does with a forecast: feels-like, commute comfort, advisories, dust grades, plants; words in ko and en.

Belongs here: pure functions on arrays and frames, and what they need from the lake. Does not: how a forecast is made,
Dagster, how a page looks.
"""
