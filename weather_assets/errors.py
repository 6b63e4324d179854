"""The errors a user can mend. Each says what is wrong, where, and what to do; the CLI prints them as one line."""


class WeatherError(Exception):
    """Something failed and the message says what to do; exit status 1."""


class TooFewReadingsError(WeatherError):
    """There is not enough to learn from yet; more readings help."""


class UsageError(WeatherError):
    """The input, a setting or an argument is wrong and trying again will not help; exit status 2."""
