"""Can I trust it: the forecasts' own score against the simplest rivals, also where it loses."""

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from streamlit_app import cards, history, trouble
from streamlit_app.charts_trust import error_by_lead, skill_by_month
from streamlit_app.screens.forecast import UNITS
from streamlit_app.store import Row, records
from streamlit_app.view import View

_YEAR = timedelta(days=366)
_NAMED_LEADS = (1, 6, 24, 48)
_FAIR_COVERAGE = (0.7, 0.9)


def show(view: View) -> None:
    """The whole page."""
    words = view.words
    st.subheader(words("trust_question"))
    since = view.newest_at - _YEAR
    scores = history.scores_by_lead(view.version, view.station_id, since)
    if scores.empty:
        remedy = words.pick(
            "예보가 맞았는지는 그 시각의 관측값이 와야 압니다. 지난 예보를 정직하게 다시 내려면 weather replay.",
            "A forecast is scored when its reading has come. weather replay issues the past's forecasts honestly.",
        )
        trouble.nothing_yet(view, "monitor.verification", remedy)
        return
    target = st.pills(
        words("target"),
        [name for name in UNITS if (scores["target"] == name).any()],
        format_func=words.element,
        default=scores["target"].iloc[0],
        required=True,
        key="trust_target",
    )
    mine = scores[scores["target"] == target]
    kind = mine.groupby("kind")["n"].sum().idxmax()
    mine = mine[mine["kind"] == kind]
    _verdict(mine, target, str(kind), view)
    st.markdown(f"**{words('error_by_lead')}**")
    st.altair_chart(error_by_lead(mine, UNITS[target], words), width="stretch", alt=_losses(mine, view))
    cards.show(cards.line(_losses(mine, view)))
    months = history.scores_by_month(view.version, view.station_id, since)
    months = months[(months["target"] == target) & (months["kind"] == kind)]
    st.markdown(f"**{words('error_by_month')}**")
    st.altair_chart(skill_by_month(months, words), width="stretch", alt=words("error_by_month"))
    cards.show(
        cards.small(
            words.pick(
                "숫자는 둘 중 나은 기준보다 오차가 몇 % 작은지입니다. 파랑은 이긴 달, 주황(-)은 진 달.",
                "By how many % our error is smaller than that of the better rival. Blue: won; orange (-): lost.",
            )
        )
    )
    _coverage(mine, view)
    _others(view, since)
    _rivals(view, since)


def _verdict(scores: pd.DataFrame, target: str, kind: str, view: View) -> None:
    """Errors at a few leads in words, since when, of how many forecasts."""
    words, unit = view.words, UNITS[target]
    made = []
    for lead in _NAMED_LEADS:
        row = scores[scores["lead_hours"] == lead]
        if len(row):
            ours, same, usual = (
                float(row[name].iloc[0]) for name in ("error", "error_persistence", "error_climatology")
            )
            title = words.pick(f"{lead}시간 앞", f"{lead} h ahead")
            beside = f"{words('persistence')} {same:.1f} · {words('climatology')} {usual:.1f} {unit}"
            grade = ("good", words("won")) if ours < min(same, usual) else ("poor", words("lost"))
            made.append(
                cards.card(title, cards.big(f"{ours:.1f}", unit), cards.small(beside), cards.chip(grade[1], grade[0]))
            )
    cards.show(cards.grid(made, "w-pairs"))
    first, last = view.date(scores["first_at"].min().date()), view.date(scores["last_at"].max().date())
    how = (
        words.pick("당시 모델로 다시 낸 예보", "replayed with models trained only before")
        if kind == "replay"
        else (words.pick("실시간으로 낸 예보", "issued live"))
    )
    count = int(scores["n"].sum())
    cards.show(
        cards.small(
            words.pick(
                f"평균 절대 오차. {first} ~ {last}, 예보 {count:,}건, {how}. {view.source}.",
                f"Mean absolute error. {first} to {last}, {count:,} forecasts, {how}. From {view.source}.",
            )
        )
    )


def _losses(scores: pd.DataFrame, view: View) -> str:
    """At how many leads a rival did better, said plainly."""
    lost = {
        view.words(name): int((scores["error"] >= scores[f"error_{name}"]).sum())
        for name in ("persistence", "climatology")
    }
    named = ", ".join(f"{rival} {count}" for rival, count in lost.items() if count)
    if not named:
        return view.words.pick(
            f"{len(scores)}개 앞선 시간 모두에서 두 기준을 이겼습니다.",
            f"Better than both rivals at all {len(scores)} leads.",
        )
    return view.words.pick(
        f"{len(scores)}개 앞선 시간 가운데 진 곳: {named}.", f"Of {len(scores)} leads, lost at: {named}."
    )


def _coverage(scores: pd.DataFrame, view: View) -> None:
    words = view.words
    st.markdown(f"**{words('coverage_question')}**")
    held = {
        band: float((scores[band] * scores["n"]).sum() / scores["n"].sum()) for band in ("coverage_80", "coverage_50")
    }
    low, high = _FAIR_COVERAGE
    fair = low <= held["coverage_80"] <= high
    eight, five = (f"{100 * held[band]:.0f} %" for band in ("coverage_80", "coverage_50"))
    told = words.pick(
        f"80 % 띠에는 관측값의 {eight}, 50 % 띠에는 {five}가 들었습니다.",
        f"The 80 % band held {eight} of the readings, the 50 % band {five}.",
    )
    verdict = (
        words.pick("띠를 믿어도 좋습니다.", "The bands can be believed.")
        if fair
        else words.pick(
            "띠가 제 크기가 아닙니다: 그대로 믿지 마세요.", "The bands are off: do not take them at their word."
        )
    )
    cards.show(cards.line(f"{told} {verdict}"))


def _rivals(view: View, since: datetime) -> None:
    words = view.words
    st.markdown(f"**{words('rivals_question')}**")
    rows = history.rivals(view.version, view.station_id, since)
    if rows.empty:
        cards.show(
            cards.line(words.pick("지금 도전하는 모델이 없습니다.", "No challenger forecasts beside the champion now."))
        )
    else:
        head = [words("target"), words("champion"), words("challenger"), words("forecasts_scored"), "CRPS"]
        cards.table(head, (_rival(row, view) for row in records(rows)))
    decided = history.decisions(view.version)
    if len(decided):
        head = [words("time"), words("target"), words("decision"), words("why")]
        cards.table(
            head,
            (
                [view.moment(row["decided_at"]), words.element(row["target"]), row["decision"], row["reason"]]
                for row in records(decided)
            ),
        )


def _rival(row: Row, view: View) -> list[str]:
    errors = f"{row['champion_crps']:.2f} : {row['challenger_crps']:.2f}"
    return [view.words.element(row["target"]), row["champion"], row["challenger"], f"{row['n']:,}", errors]


def _others(view: View, since: datetime) -> None:
    """Daily temperatures, dust and rain in one table."""
    words = view.words
    rows = history.other_scores(view.version, view.station_id, since)
    if rows.empty:
        return
    st.markdown(f"**{words('others_question')}**")
    head = [words("target"), words("day_ahead"), words("ours"), words("persistence"), words("climatology"), "n"]
    cards.table(head, (_other(row, view) for row in records(rows)))
    cards.show(
        cards.small(
            words.pick(
                "평균 절대 오차(°C, µg/m³). 강수 확률은 Brier 점수로, 작을수록 좋습니다.",
                "Mean absolute error (°C, µg/m³); of the chance of rain the Brier score. Smaller is better.",
            )
        )
    )


def _other(row: Row, view: View) -> list[str]:
    is_rain = row["target"] == "rain"
    label = view.words("rain_probability") if is_rain else view.words.element(row["target"])
    form = ".3f" if is_rain else ".1f"
    errors = (row["error"], row["error_persistence"], row["error_climatology"])
    return [label, str(row["lead"]), *(f"{error:{form}}" for error in errors), f"{row['n']:,}"]
