"""The graph, one module per layer. Thin on purpose: read, call a domain function, write, report metadata.

Belongs here: what depends on what, and what the UI shows of it. Does not: rules about readings or forecasts.
"""
