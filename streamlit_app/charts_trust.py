"""Charts of how well the forecasts have done."""

import altair as alt
import pandas as pd

from streamlit_app.words import Words

OURS, PERSISTENCE, CLIMATOLOGY = "#d1495b", "#7a8793", "#2a7fb8"


def error_by_lead(scores: pd.DataFrame, unit: str, words: Words) -> alt.Chart:
    """Mean absolute error over lead_hours of ours, of persistence and of climatology; dashes tell them apart too."""
    names = {
        "error": words("ours"),
        "error_persistence": words("persistence"),
        "error_climatology": words("climatology"),
    }
    long = scores.melt("lead_hours", list(names), "who", "value").replace({"who": names})
    order = list(names.values())
    dashes = [[1, 0], [6, 3], [2, 3]]
    legend = alt.Legend(orient="top", labelLimit=260, columns=2)
    return (
        alt.Chart(long)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("lead_hours:Q", title=f"{words('lead')} (h)", axis=alt.Axis(values=[1, 6, 12, 24, 36, 48])),
            y=alt.Y("value:Q", title=unit, scale=alt.Scale(zero=True)),
            color=alt.Color(
                "who:N", title=None, sort=order, scale=alt.Scale(domain=order, range=[OURS, PERSISTENCE, CLIMATOLOGY]),
                legend=legend,
            ),
            strokeDash=alt.StrokeDash(
                "who:N", title=None, sort=order, scale=alt.Scale(domain=order, range=dashes), legend=legend
            ),
            tooltip=[alt.Tooltip("who:N", title=" "), "lead_hours:Q", alt.Tooltip("value:Q", format=".2f", title=unit)],
        )
        .properties(height=260)
    )  # fmt: skip


def skill_by_month(scores: pd.DataFrame, words: Words) -> alt.LayerChart:
    """Skill in % against the better baseline by month and lead group: blue won, orange lost, the number written."""
    best = scores[["error_persistence", "error_climatology"]].min(axis=1)
    shown = scores.assign(skill=100 * (1 - scores["error"] / best))
    shown["month"] = [f"{month:%Y-%m}" for month in shown["month"]]
    shown["group"] = [f"≤ {last} h" for last in shown["lead_group"]]
    order = [f"≤ {last} h" for last in sorted(shown["lead_group"].unique())]
    base = alt.Chart(shown).encode(
        x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("group:O", title=words("lead"), sort=order),
    )
    cells = base.mark_rect().encode(
        color=alt.Color("skill:Q", scale=alt.Scale(scheme="blueorange", domain=[40, -40], clamp=True), legend=None),
        tooltip=[alt.Tooltip("skill:Q", format=".0f", title="%"), alt.Tooltip("n:Q", title=words("forecasts_scored"))],
    )
    ink = alt.condition("abs(datum.skill) > 30", alt.value("white"), alt.value("#16222c"))
    text = base.mark_text(fontSize=12, fontWeight="bold").encode(text=alt.Text("skill:Q", format="+.0f"), color=ink)
    return alt.LayerChart(layer=[cells, text]).properties(height=180)
