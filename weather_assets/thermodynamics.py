"""Constants of moist air that more than one room uses."""

MAGNUS_HPA = 6.1094
MAGNUS_SLOPE = 17.625
MAGNUS_C = 243.04
"""Saturation vapour pressure over water at t °C is MAGNUS_HPA * exp(MAGNUS_SLOPE * t / (t + MAGNUS_C)) in hPa
(Alduchov and Eskridge 1996)."""
