"""Data and drift: what came, what was not trusted, and whether the weather or a sensor has changed."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from streamlit_app import cards, history, trouble
from streamlit_app.store import Row, records
from streamlit_app.view import View
from weather_assets.lake.errors import LakeError

_SPAN = timedelta(days=30)
_FEW = 8
"""So many rows are shown without being asked."""


def show(view: View) -> None:
    """The whole page."""
    words = view.words
    st.subheader(words("quality_question"))
    rows = history.quality(view.version, view.station_id, view.newest_at - _SPAN)
    if rows.empty:
        remedy = words.pick("weather backfill로 계산하세요.", "weather backfill computes it.")
        trouble.nothing_yet(view, "monitor.data_quality", remedy)
    else:
        _quality(rows, view)
        _rejected(view)
        _faults(view)
    _drift(view)


def _quality(rows: pd.DataFrame, view: View) -> None:
    words = view.words
    expected = int(rows["hours"].sum())
    sound = expected - int(rows["missing"].sum()) - int(rows["flagged"].sum())
    share = 100 * sound / max(1, expected)
    cards.show(
        cards.line(
            words.pick(
                f"지난 30일에 기대한 값 {expected:,}개 가운데 {share:.1f} %가 정상입니다.",
                f"Of the {expected:,} values expected in the last 30 days, {share:.1f} % are sound.",
            )
        )
    )
    with st.expander(words("table")):
        head = [words("element"), words("sound"), words("missing"), words("flagged")]
        cards.table(head, (_counts(row, view) for row in records(rows)))


def _counts(row: Row, view: View) -> list[str]:
    sound = row["hours"] - row["missing"] - row["flagged"]
    return [view.words.element(row["element"]), *(f"{n:,}" for n in (sound, row["missing"], row["flagged"]))]


def _rejected(view: View) -> None:
    words = view.words
    st.subheader(words("rejected_question"))
    rows = history.rejected(view.version, view.station_id, view.newest_at - _SPAN)
    if rows.empty:
        cards.show(cards.line(words.pick("지난 30일 동안 버린 값이 없습니다.", "None in the last 30 days.")))
        return
    head = [words("time"), words("element"), words("received"), words("why")]
    with st.expander(words.pick(f"최근 {len(rows)}건", f"The newest {len(rows)}"), expanded=len(rows) <= _FEW):
        cards.table(
            head,
            (
                [
                    view.moment(row["observed_at"]),
                    words.element(row["element"]),
                    _value(row["value"]),
                    f"{words.flag(row['flag'])} · {row['reason']}",
                ]
                for row in records(rows)
            ),
        )


def _value(value: float | None) -> str:
    return "-" if value is None or pd.isna(value) else f"{value:g}"


def _faults(view: View) -> None:
    words = view.words
    st.subheader(words("faults_question"))
    rows = history.sensor_faults(view.version, view.station_id, view.newest_at - _SPAN)
    if rows.empty:
        cards.show(cards.line(words.pick("지난 30일 동안 알려진 고장이 없습니다.", "None known in the last 30 days.")))
        return
    head = [words("element"), words("why"), words("began"), words("observed")]
    cards.table(
        head,
        (
            [
                words.element(row["element"]),
                f"{row['fault']} · {row['evidence']}",
                view.moment(row["began_at"]),
                view.moment(row["detected_at"]),
            ]
            for row in records(rows)
        ),
    )


def _drift(view: View) -> None:
    words = view.words
    st.subheader(words("drift_question"))
    rows = history.drift(view.version, view.station_id)
    if rows.empty:
        remedy = words.pick(
            "매주 한 번 계산됩니다: Dagster의 monitor/drift.", "It is computed once a week: monitor/drift in Dagster."
        )
        trouble.nothing_yet(view, "monitor.drift", remedy)
        return
    newest = rows[rows["week"] == rows["week"].max()]
    drifted = newest[newest["drifted"]]
    names = ", ".join(words.element(name) for name in drifted["element"]) or words.pick("없음", "none")
    cards.show(
        cards.line(f"{words('week')} {newest['week'].iloc[0]} · {words.pick('달라진 요소', 'drifted')}: {names}")
    )
    cards.table(
        [words("element"), words("drift_question"), words("status")],
        (
            [words.element(row["element"]), "●" if row["drifted"] else "-", f"{row['method']} {row['score']:.3f}"]
            for row in records(newest)
        ),
    )
    _report(newest, view)


def _report(newest: pd.DataFrame, view: View) -> None:
    """The week's report on demand: it weighs some megabytes."""
    uris = newest["report_uri"].dropna().unique()
    if len(uris) and st.toggle(view.words("report"), key="drift_report"):
        try:
            st.iframe(history.report(view.version, str(uris[0])), height=700, alt=view.words("report"))
        except LakeError as error:
            cards.notice(str(error))
