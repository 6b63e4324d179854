"""Pieces of HTML that the pages share: cards, notices, ranges, tables. All text that goes in is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Literal

import streamlit as st

from streamlit_app.pictures import face


def show(html: str) -> None:
    """Put HTML made of these pieces on the page."""
    st.html(html)


def notice(text: str, *, plain: bool = False) -> None:
    """A remark that a reader must not overlook; `plain` for one that is no trouble."""
    show(f'<div class="w-notice{" w-plain" if plain else ""}" role="status">{escape(text)}</div>')


def card(title: str, *parts: str) -> str:
    """A card that answers one question; parts are HTML."""
    return f'<section class="w-card"><h4>{escape(title)}</h4>{"".join(parts)}</section>'


def grid(cards: Iterable[str], width: Literal["", "w-narrow", "w-pairs"] = "") -> str:
    """Cards beside each other, as many as fit; `w-narrow` for cells of an hour, `w-pairs` for two on a phone."""
    return f'<div class="w-grid {width}">{"".join(cards)}</div>'


def heading(text: str) -> None:
    """The page's first heading, for those who hear it: the menu shows the others where they are."""
    show(f'<h1 class="w-hidden">{escape(text)}</h1>')


def big(value: str, unit: str = "") -> str:
    """The one number or word of a card."""
    return f'<div class="w-big">{escape(value)} <small>{escape(unit)}</small></div>'


def line(text: str) -> str:
    """A line of text."""
    return f"<div>{escape(text)}</div>"


def strong(text: str) -> str:
    """A line that counts most."""
    return f"<div><strong>{escape(text)}</strong></div>"


def small(text: str) -> str:
    """A line of small text."""
    return f'<div class="w-small">{escape(text)}</div>'


def chip(text: str, kind: str = "") -> str:
    """A word on a colour."""
    return f'<span class="w-chip {escape(kind)}">{escape(text)}</span>'


def score_range(score: float, low: float, high: float, said: str) -> str:
    """A bar from 0 to 100 with an interval and a mark; `said` says the same to those who do not see it."""
    return (
        f'<div class="w-range" role="img" aria-label="{escape(said)}">'
        f'<i style="left:{low:.0f}%;right:{100 - high:.0f}%"></i><b style="left:{score:.0f}%"></b></div>'
    )


def graded(grade: str, number: str, word: str) -> str:
    """A face, a number and the word of its grade."""
    return f'<div class="w-row">{face(grade)}<div>{big(number, "/ 100")}{chip(word, grade)}</div></div>'


def hour(time: str, value: str, below: str) -> str:
    """One narrow cell of the hours ahead."""
    return f'<div class="w-hour"><span>{escape(time)}</span><b>{escape(value)}</b><span>{escape(below)}</span></div>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain table of texts, readable by screen readers and on a phone."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    show(f'<table class="w-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>')


def key(entries: Iterable[tuple[str, str]]) -> None:
    """What the colours of a chart mean: (CSS background, words)."""
    spans = "".join(f'<span><i style="background:{colour}"></i>{escape(text)}</span>' for colour, text in entries)
    show(f'<div class="w-key" aria-hidden="true">{spans}</div>')
