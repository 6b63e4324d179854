"""What a model may know at the hour of issue: the feature specification, and the SQL and the arrays made from it.

Here belong the declarations of features and their translation into one DuckDB query, which composes with others, and
into arrays, which are faster where many hours are built; both give the same bits. Fitting, scaling,
climatology and whatever else learns from data does not: it lives in `forecasting`.
"""

from weather_assets.features.signals import CalendarCycle, FeatureSpecification, Signal
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.features.sql import features_sql

__all__ = ["HOURLY_FEATURES", "CalendarCycle", "FeatureSpecification", "Signal", "features_sql"]
