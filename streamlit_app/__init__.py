"""The pages people came for: commute, forecast, plants, map, trust, data, operations.

Belongs here: reading the lake (never writing it), and showing it in Korean and English. Does not: computing a forecast
or a score; that is in the lake already.
"""
