"""What is told, with what to do, where something is missing, old or broken."""

import streamlit as st

from streamlit_app import cards
from streamlit_app.view import View
from streamlit_app.words import Words


def cannot_read(reason: str, words: Words) -> None:
    """There is no lake, or it does not answer."""
    st.header(words.pick("자료를 읽을 수 없습니다", "The readings cannot be read"))
    cards.notice(reason)
    st.markdown(
        words.pick(
            "무엇이 잘못되었는지는 `weather doctor`가 알려 줍니다. 처음이라면 `weather demo`가 모의 자료로 모두 만들어 "
            "주고, 실제 관측값은 `weather backfill`로 넣습니다. 그런 다음 이 페이지를 새로 고치세요.",
            "`weather doctor` says what is wrong. If this is the beginning, `weather demo` makes everything from "
            "simulated readings, and `weather backfill` loads real ones. Then reload this page.",
        )
    )


def no_readings(words: Words) -> None:
    """The lake is there and empty."""
    st.header(words.pick("아직 관측값이 없습니다", "There are no readings yet"))
    st.markdown(
        words.pick(
            "저장소는 있지만 비어 있습니다. `weather backfill --from 날짜 --to 날짜`로 관측값을 넣거나 "
            "`weather demo`로 모의 자료를 만드세요.",
            "The lake is there but empty. Load readings with `weather backfill --from DATE --to DATE`, or make "
            "simulated ones with `weather demo`.",
        )
    )


def stale(view: View) -> None:
    """Readings have stopped coming: what is shown is of then, not of now."""
    newest, ago = view.moment(view.newest_at), view.ago(view.newest_at)
    cards.notice(
        view.words.pick(
            f"가장 새 관측값은 {newest}, {ago}입니다. 아래는 그때의 예보이며 지금 날씨가 아닙니다. "
            "실시간 자료는 weather up이 매시간 받아 옵니다. 까닭은 weather why raw/asos_hourly로 볼 수 있습니다.",
            f"The newest reading is of {newest}, {ago}. What follows was forecast then and is not the weather of "
            "now. weather up keeps a live source up to date; weather why raw/asos_hourly says what holds it up.",
        )
    )


def nothing_yet(view: View, table: str, remedy: str) -> None:
    """A table is empty or not there yet."""
    cards.notice(
        view.words.pick(f"{table}에 보여 줄 것이 아직 없습니다. {remedy}", f"Nothing in {table} to show yet. {remedy}"),
        plain=True,
    )


def no_forecast(view: View) -> None:
    """No hourly forecast from the newest reading."""
    nothing_yet(
        view,
        "forecast.hourly",
        view.words.pick(
            "weather train으로 학습하고 weather backfill로 예보를 내세요. 현재 모델은 weather models로 봅니다.",
            "Train models with weather train, then issue a forecast with weather backfill; weather models shows "
            "whether a target has a champion.",
        ),
    )
