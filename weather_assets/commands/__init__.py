"""What the `weather` command does, one module per command, without the command line itself.

Belongs here: putting the rooms together for a user, and words for what came out. Does not: options and exit codes
(cli.py), rules about readings, models or forecasts.
"""
