"""`weather backfill` killed by SIGKILL, and compared with one that nobody disturbed."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from crash_patient import Outcome
from crash_stacks import Stack
from crash_trials import PATIENCE_S
from crash_work import LATER, WHOLE, Found
from stacks import variables
from table_sums import Sums, sums

from weather_assets.lake.errors import LakeError
from weather_assets.lake.maintenance import tidy
from weather_assets.lake.open import lake_location, open_lake
from weather_assets.settings import Settings

ASKED = ("backfill", "--from", "2021-01-01", "--to", "2021-01-08", "--through", "features")


@dataclass
class Backfills:
    """Homes of one stack, each loaded by a command that is killed and by one that is not."""

    stack: Stack
    scratch: Path
    random: random.Random
    undisturbed: Sums = field(init=False)
    usual_s: float = field(init=False)
    found: int = 0
    left: int = 0

    def __post_init__(self) -> None:
        """Load one home undisturbed."""
        with self._home() as settings:
            began = time.monotonic()
            self._load(settings)
            self.usual_s = time.monotonic() - began
            self.undisturbed = sums(settings)

    def kill(self) -> Outcome:
        """SIGKILL at a random moment after the command's imports; then the same command again."""
        with self._home() as settings:
            process = self._started(settings)
            try:
                process.communicate(timeout=self.usual_s * self.random.uniform(0.3, 0.9))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
            found = self._compared(settings)
            self._load(settings)
            healed = sums(settings) == self.undisturbed
            with open_lake(settings) as lake:
                orphans = len(self.stack.orphans(lake))
                tidy(lake, [], LATER)
                self.found, self.left = self.found + orphans, self.left + len(self.stack.orphans(lake))
            return Outcome(process.returncode != 0, found, orphans, healed)

    def tidy(self) -> tuple[int, int]:
        """Orphans that were found so far, and those that maintenance left."""
        return self.found, self.left

    def close(self) -> None:
        """Nothing is open between trials."""

    def _compared(self, settings: Settings) -> Found:
        """Rows of a key that is there before; what is not there yet was not promised to anybody."""
        if not lake_location(settings).exists():
            return WHOLE
        try:
            return Found(0, sum(doubled for _, doubled, _ in sums(settings).values()), 0)
        except LakeError:
            # A PostgreSQL database in which no lake was made yet.
            return WHOLE

    def _load(self, settings: Settings) -> None:
        process = self._started(settings)
        said, _ = process.communicate(timeout=PATIENCE_S)
        if process.returncode:
            raise RuntimeError(said)

    def _started(self, settings: Settings) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", "from weather_assets.cli import main; main()", *ASKED]
        return subprocess.Popen(
            command, env=variables(settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    @contextmanager
    def _home(self) -> Iterator[Settings]:
        location = self.stack.new_location()
        access = location.s3
        settings = Settings(
            _env_file=None,
            home=self.scratch / uuid4().hex,
            lake_catalog=location.catalog,
            lake_data=location.data.removesuffix("/lake"),
            aws_access_key_id=access.key_id if access else None,
            aws_secret_access_key=access.secret if access else None,
            aws_endpoint_url_s3=access.endpoint_url if access else None,
        )
        yield settings
        if self.stack.postgres is not None:
            self.stack.postgres.drop(location.catalog)
