"""Invented weather for the simulator: pure numpy functions of place, hour and seed.

Belongs here: hashed noise, climate, synoptic weather, what each element makes of it, and the faults of real stations.
Does not: the protocol of sources (simulator.py), quality control. Nothing here keeps state from one hour to the next.
"""
