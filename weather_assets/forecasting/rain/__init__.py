"""The probability of rain in 3-hour blocks: what a wet block is, the model and its baselines.

Here belongs what is special to a yes-or-no event. Quantile forecasts, registry and promotion do not.
"""
