"""Processes that start within a moment: forked from one that has imported everything already."""

import multiprocessing
import os
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path
from unittest.mock import patch

_TESTS = Path(__file__).parent


def forking(*modules: str) -> ForkServerContext:
    """A context whose processes have the main module and these imported from their beginning."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", *modules])
    # The server that is forked from imports before it is told where: only its environment says so.
    with patch.dict(os.environ, PYTHONPATH=os.pathsep.join([str(_TESTS), str(_TESTS.parent)])):
        forkserver.ensure_running()
    return context
