"""The last runs as Dagster's page tells them, if it is being served; the app knows Dagster by its address only."""

from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import streamlit as st

_QUERY = "{ runsOrError(limit: 8) { ... on Runs { results { runId jobName status startTime } } } }"
_PATIENCE_S = 1.5


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the graph."""

    run_id: str
    job: str
    status: str
    began_at: datetime | None


@st.cache_data(ttl=15, show_spinner=False)
def last_runs(address: str) -> list[Run] | None:
    """The newest runs first; None where nothing answers at the address."""
    try:
        answer = httpx.post(f"{address}/graphql", json={"query": _QUERY}, timeout=_PATIENCE_S)
        found = answer.json()["data"]["runsOrError"]["results"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
    return [
        Run(
            run["runId"],
            run["jobName"],
            run["status"],
            datetime.fromtimestamp(run["startTime"], UTC) if run["startTime"] else None,
        )
        for run in found
    ]
