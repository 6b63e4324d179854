"""Programs of the system that tests use."""

import os
import shutil

import pytest


def program(name: str) -> str:
    """Path of an installed program; skips the test where it is not installed, except in CI, where it must be."""
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed; .ci/run names the packages"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found
