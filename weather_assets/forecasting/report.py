"""A backtest as one HTML page that needs nothing beside it: pictures and the table of scores."""

import io
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from weather_assets.clock import KST
from weather_assets.forecasting.evaluation import BASELINES, comparison_table, pair_table, score_table
from weather_assets.forecasting.hours import times_of
from weather_assets.forecasting.scored import Scored
from weather_assets.forecasting.scores_events import reliability
from weather_assets.forecasting.spread import LEVELS
from weather_assets.forecasting.targets import Target

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_STYLE = "body{font:15px system-ui;margin:2em auto;max-width:60em}svg{max-width:100%}td,th{padding:.2em .7em}"
_EXAMPLES, _MOST_FEATURES = (0.1, 0.5, 0.9), 12


def evaluation_page(target: Target, scored: Scored, importance: Mapping[str, float], first: date, last: date) -> str:
    """Return the page of a backtest of the days first..last; `importance` are the features that matter most."""
    pairs = pair_table(scored)
    by_lead, by_hour = score_table(pairs, ["lead"]), score_table(pairs, ["hour"])
    by_month = score_table(pairs.assign(month=pairs["month"].dt.strftime("%y-%m")), ["month"])
    unit = "root of the Brier score" if scored.is_probability else f"RMSE, {target.unit}"
    pictures = {
        "Error by lead": _picture(lambda axes: _errors(axes, by_lead, f"lead, {target.lead_unit}", unit)),
        "Error by month": _picture(lambda axes: _errors(axes, by_month, "month", unit)),
        "Error by hour of validity": _picture(lambda axes: _errors(axes, by_hour, "hour, KST", unit)),
        "Reliability": _picture(lambda axes: _reliability(axes, scored)),
        "Coverage of the 50 % and 80 % bands by month": _picture(lambda axes: _coverage(axes, by_month)),
        "Examples: a good, a usual and a bad forecast": _examples(target, scored),
        "Features that matter most": _picture(lambda axes: _importance(axes, importance)),
    }
    if scored.is_probability:
        del pictures["Coverage of the 50 % and 80 % bands by month"]
    title = f"{target.label_en} / {target.label_ko} ({target.unit}): forecasts of {first} to {last}"
    trained = ", ".join(f"{through.astimezone(KST):%Y-%m-%d %H:%M}" for through in scored.trained_through)
    facts = f"{len(pairs):,} forecasts, each by a model that ended its training before: {trained} KST."
    body = "".join(f"<h2>{escape(name)}</h2>{picture}" for name, picture in pictures.items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1><p>{escape(facts)}</p>"
        f"{_score_html(by_lead)}{_comparison_html(scored)}{body}</body></html>"
    )


def _score_html(by_lead: "pd.DataFrame") -> str:
    """The scores by lead; of many leads every sixth."""
    step = max(1, len(by_lead) // 8)
    shown = by_lead.iloc[sorted({0, *range(step - 1, len(by_lead), step)})].dropna(axis="columns", how="all")
    return f"<h2>Scores</h2>{_table_html(shown.reset_index())}"


def _comparison_html(scored: Scored) -> str:
    """The Diebold-Mariano test at the first, the middle and the last lead."""
    leads = scored.leads[[0, len(scored.leads) // 2, -1]].tolist()
    table = _table_html(comparison_table(scored, sorted(set(leads))))
    return f"<h2>Squared error less that of a baseline, and the p-value of no difference (Diebold-Mariano)</h2>{table}"


def _table_html(table: "pd.DataFrame") -> str:
    rows = table.to_html(index=False, float_format="{:.3f}".format, border=0)
    return f'<div style="overflow-x:auto">{rows}</div>'


def _picture(draw: Callable[["Axes"], None]) -> str:
    """A drawing as SVG, without the heading of a file; letters are the reader's own."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3), layout="constrained")
    draw(figure.subplots())
    buffer = io.StringIO()
    with rc_context({"svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg")
    return buffer.getvalue()[buffer.getvalue().index("<svg") :]


def _errors(axes: "Axes", table: "pd.DataFrame", label: str, unit: str) -> None:
    axes.plot(table.index, table["rmse"], color="black", linewidth=2, label="model")
    for name in BASELINES:
        if table[f"rmse_{name}"].notna().any():
            axes.plot(table.index, table[f"rmse_{name}"], label=name)
    axes.set(xlabel=label, ylabel=unit, ylim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend(ncols=4, fontsize="small")


def _reliability(axes: "Axes", scored: Scored) -> None:
    """Forecast against observed frequency: of the event, or of readings under each quantile."""
    if scored.is_probability:
        bins = reliability(scored.expected, scored.observed)
        axes.plot([one.forecast for one in bins], [one.observed for one in bins], "o-", color="black")
    else:
        known = np.isfinite(scored.observed)
        under = (scored.observed[known][:, None] <= scored.quantiles[known]).mean(axis=0)
        axes.plot(LEVELS, under, "o-", color="black")
    axes.plot([0, 1], [0, 1], color="gray", linewidth=1)
    axes.set(xlabel="forecast probability", ylabel="observed frequency", xlim=(0, 1), ylim=(0, 1))
    axes.grid(alpha=0.3)


def _coverage(axes: "Axes", by_month: "pd.DataFrame") -> None:
    for share, color in ((50, "tab:blue"), (80, "tab:orange")):
        axes.plot(by_month.index, 100 * by_month[f"coverage_{share}"], "o-", color=color, label=f"{share} % band")
        axes.axhline(share, color=color, linewidth=1, linestyle="--")
    axes.set(xlabel="month", ylabel="readings within, %", ylim=(0, 100))
    axes.legend()


def _examples(target: Target, scored: Scored) -> str:
    """Whole forecasts whose mean loss is low (10 % of all are lower), usual and high (10 % are higher)."""
    whole = np.flatnonzero(np.isfinite(scored.observed).all(axis=1))
    ranked = whole[np.argsort(scored.loss[whole].mean(axis=1), kind="stable")]
    if not len(ranked):
        return "<p>No forecast has a reading at every lead.</p>"
    chosen = ranked[[int(share * (len(ranked) - 1)) for share in _EXAMPLES]]
    return "".join(_picture(partial(_curve, target=target, scored=scored, row=int(row))) for row in chosen)


def _curve(axes: "Axes", *, target: Target, scored: Scored, row: int) -> None:
    times = times_of(scored.valid_hours[row]).tz_convert(KST).tz_localize(None)
    if not scored.is_probability:
        axes.fill_between(times, scored.quantile(0.1)[row], scored.quantile(0.9)[row], alpha=0.2, label="80 %")
        axes.fill_between(times, scored.quantile(0.25)[row], scored.quantile(0.75)[row], alpha=0.3, label="50 %")
    axes.plot(times, scored.expected[row], label="forecast")
    axes.plot(times, scored.observed[row], "k.", label="observed")
    issued = times_of(scored.issue_hours[row : row + 1]).tz_convert(KST)[0]
    axes.set(title=f"station {scored.station_ids[row]}, issued {issued:%Y-%m-%d %H:%M} KST", ylabel=target.unit)
    axes.legend(ncols=4, fontsize="small")


def _importance(axes: "Axes", importance: Mapping[str, float]) -> None:
    shown = list(importance)[:_MOST_FEATURES]
    axes.barh(shown, [importance[name] for name in shown], color="tab:blue")
    axes.invert_yaxis()
    axes.set_xlabel("effect on the forecast")
