"""From features to forecasts with honest uncertainty: targets, baselines, training, prediction, scores, registry.

Here belongs what learns from data and what judges it. Reading providers, quality control, the declaration of features
and what a person does with a forecast do not.
"""
