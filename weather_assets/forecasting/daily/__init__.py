"""Forecasts of whole days: temperature mean, maximum and minimum, and PM10, with quantiles for 1 to 3 days ahead.

Here belongs what works on days. Hourly forecasts, the features of a day and the registry do not.
"""
