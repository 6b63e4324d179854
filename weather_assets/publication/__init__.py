"""The newest forecast as programs read it: rows from the lake, words beside the numbers, and the files in predictions/.

Belongs here: what is newest, and how it is written down. Does not: HTTP (see `api`), when it happens (see `assets`).
"""
