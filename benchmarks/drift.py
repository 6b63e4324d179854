"""The weekly drift test replayed on real readings as delivered. Prints Markdown.

python benchmarks/drift.py --home .weather --station 108 --from 2018 --to 2021

The test was set on 2013-2017 (2010-2012 are its first reference years).
"""

import argparse
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from weather_assets.lake.open import open_lake
from weather_assets.monitoring.drift.report import METHOD, judge
from weather_assets.monitoring.drift.samples import daily_sql, first_day_needed, samples
from weather_assets.settings import Settings

WEEK = timedelta(days=7)


def main() -> None:
    """Judge every week of the years asked for."""
    parser = argparse.ArgumentParser(description="Drift decisions of a replay", allow_abbrev=False)
    parser.add_argument("--home", type=Path, default=Path(".weather"))
    parser.add_argument("--station", type=int, default=108)
    parser.add_argument("--from", dest="first", type=int, default=2018)
    parser.add_argument("--to", dest="last", type=int, default=2021)
    asked = parser.parse_args()
    weeks = list(mondays(date(asked.first, 1, 1), date(asked.last, 12, 31)))
    with open_lake(Settings(_env_file=None, home=asked.home), read_only=True) as lake:
        daily = lake.query(daily_sql([asked.station], first_day_needed(weeks[0]), weeks[-1] + WEEK)).df()
    began = time.perf_counter()
    scores = pd.DataFrame(
        [
            {"week": week, "element": element, "score": score, "drifted": judgement.drifted(element)}
            for week in weeks
            for judgement in [judge(samples(daily.set_index("day"), week))]
            for element, score in judgement.scores.items()
        ]
    )
    seconds = time.perf_counter() - began
    print(f"Station {asked.station}, {len(weeks)} weeks {weeks[0]} .. {weeks[-1]}, {seconds:.0f} s. {METHOD}.\n")
    print_scores(scores)
    print_spells(scores[scores["drifted"]], asked.last - asked.first + 1)


def mondays(first: date, last: date) -> Iterator[date]:
    """Mondays of whole weeks in a span."""
    day = first + timedelta(days=-first.weekday() % 7)
    while day + WEEK - timedelta(days=1) <= last:
        yield day
        day += WEEK


def print_scores(scores: pd.DataFrame) -> None:
    """Where the scores lie, by element."""
    print("| element | weeks | median score | highest score | weeks drifted |\n|---|---|---|---|---|")
    for element, of_element in scores.groupby("element"):
        median, highest = of_element["score"].median(), of_element["score"].max()
        print(f"| {element} | {len(of_element)} | {median:.2f} | {highest:.2f} | {of_element['drifted'].sum()} |")


def print_spells(drifted: pd.DataFrame, years: int) -> None:
    """Weeks with drift, joined where less than half a year lies between them: one decision each."""
    print("\n| element | first week | last week | highest score |\n|---|---|---|---|")
    spells = 0
    for element, of_element in drifted.groupby("element"):
        spell = (of_element["week"].diff() > timedelta(days=182)).cumsum()
        for _, weeks in of_element.groupby(spell):
            spells += 1
            print(f"| {element} | {weeks['week'].min()} | {weeks['week'].max()} | {weeks['score'].max():.2f} |")
    print(f"\nDecisions: {spells}, {spells / years:.2f} a year")


if __name__ == "__main__":
    main()
