"""Operations: whether everything is up to date, which models are at work, how the last runs went."""

import re

import pandas as pd
import streamlit as st

from streamlit_app import cards, history
from streamlit_app.dagster_runs import last_runs
from streamlit_app.store import records, settings
from streamlit_app.view import View


def show(view: View) -> None:
    """The whole page."""
    _links(view)
    _freshness(view)
    _models(view)
    _runs(view)


def _links(view: View) -> None:
    chosen = settings()
    with st.container(horizontal=True):
        st.link_button(view.words("open_dagster"), chosen.dagster_url)
        st.link_button(view.words("open_mlflow"), chosen.mlflow_url)


def _freshness(view: View) -> None:
    words = view.words
    st.subheader(words("fresh_question"))
    written = _last_writes(history.writes(view.version))
    rows = history.freshness(view.version)
    head = [words("table"), words("newest"), words("last_write")]
    cards.table(
        head,
        (
            [
                row["table"],
                (row["newest"] or words("empty"))[:16] if row["is_there"] else words("absent"),
                view.ago(written[row["table"]]) if row["table"] in written else "-",
            ]
            for row in records(rows)
        ),
    )
    cards.show(
        cards.small(
            words.pick(
                "마지막 기록은 최근 40번의 기록에서 찾은 것입니다. 오래된 까닭은 weather why 표/날짜로 볼 수 있습니다.",
                "Last written: found among the newest 40 commits. weather why ASSET DAY says why something is behind.",
            )
        )
    )


def _last_writes(commits: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """Table -> time of its newest commit, read from the commits' messages."""
    found: dict[str, pd.Timestamp] = {}
    for commit in records(commits):
        for table in re.findall(r"\b[a-z_]+\.[a-z_0-9]+\b", commit["commit_message"] or ""):
            found.setdefault(table, commit["snapshot_time"])
    return found


def _models(view: View) -> None:
    words = view.words
    st.subheader(words("versions_question"))
    rows = history.versions_in_use(view.version, view.newest_at)
    if rows.empty:
        cards.show(cards.line(words.pick("아직 예보한 모델이 없습니다: weather train.", "None yet: weather train.")))
        return
    cards.table(
        [words("target"), words("role"), words("version"), words("issued")],
        (
            [
                words.element(row["target"]),
                words(row["role"]),
                f"{row['model_version']} ({row['kind']})",
                view.moment(row["issued_at"]),
            ]
            for row in records(rows)
        ),
    )


def _runs(view: View) -> None:
    words = view.words
    st.subheader(words("runs_question"))
    address = settings().dagster_url
    runs = last_runs(address)
    if runs is None:
        text = words.pick(
            f"{address}에서 Dagster가 응답하지 않습니다. weather up으로 시작하세요.",
            f"Dagster does not answer at {address}; start it with weather up.",
        )
        cards.notice(text, plain=True)
        return
    if not runs:
        cards.show(cards.line(words.pick("아직 실행이 없습니다.", "No runs yet.")))
        return
    cards.table(
        [words("run"), words("status"), words("began")],
        (
            [f"{run.job} {run.run_id[:8]}", run.status, view.moment(run.began_at) if run.began_at else "-"]
            for run in runs
        ),
    )
