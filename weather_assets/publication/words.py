"""A forecast in words, Korean and English: the 80 % interval is told as 8 times in 10: not a range."""

from dataclasses import dataclass

from weather_assets.publication.newest import Row


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in each language."""

    ko: str
    en: str


def quantity_words(label_ko: str, label_en: str, unit: str, row: Row) -> Words:
    """Median and 80 % interval of a row with p10, p50 and p90, in its unit."""
    low, middle, high = (f"{row[name]:.1f}" for name in ("p10", "p50", "p90"))
    return Words(
        ko=f"{label_ko} {middle} {unit}, 10번 중 8번은 {low}~{high} {unit}",
        en=f"{label_en} {middle} {unit}, 8 times in 10 between {low} and {high} {unit}",
    )


def rain_words(probability: float) -> Words:
    """Probability of rain (0 to 1) as so many times in ten."""
    times = round(probability * 10)
    return Words(
        ko=f"비 올 확률 {probability:.0%}: 10번 중 {times}번",
        en=f"chance of rain {probability:.0%}: {times} times in 10",
    )
