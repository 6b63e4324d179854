"""Crash trials: something breaks in the middle of a write, and what came of it is compared with what must be there."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import replace
from threading import Timer
from typing import Any

import duckdb
from crash_patient import Outcome, Patient
from crash_stacks import filled
from crash_work import Diary, Expected, make_in_process, open_trial, tidy_in_process, write_days, write_in_process
from forks import forking

from weather_assets.errors import WeatherError
from weather_assets.lake.location import LakeLocation

PATIENCE_S = 600
Target = Callable[[LakeLocation, int, Diary], None]


@contextmanager
def started(target: Target, location: LakeLocation, number: int, diary: Diary) -> Iterator[Any]:
    """A process with a function at work, forked from one that has everything imported; killed at the end."""
    process = forking("crash_work").Process(target=target, args=(location, number, diary), daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


class Field(Patient):
    """A lake and the faults that it can meet."""

    def kill(self) -> Outcome:
        """SIGKILL at a random moment of a pass."""
        number, diary = self._next(), self._diary()
        with started(write_in_process, self.location, number, diary) as process:
            diary.wait("ready")
            diary.note("go")
            time.sleep(self._moment())
            process.kill()
            process.join()
        return self._judged([(number, diary)], hit=_is_open(diary))

    def kill_one_of_two(self) -> Outcome:
        """Two writers of the same days; one is killed."""
        numbers, diaries = [self._next(), self._next()], [self._diary(), self._diary()]
        with (
            started(write_in_process, self.location, numbers[0], diaries[0]) as doomed,
            started(write_in_process, self.location, numbers[1], diaries[1]) as other,
        ):
            for diary in diaries:
                diary.wait("ready")
            for diary in diaries:
                diary.note("go")
            time.sleep(2 * self._moment())
            doomed.kill()
            other.join(PATIENCE_S)
        return self._judged(list(zip(numbers, diaries, strict=True)), hit=_is_open(diaries[0]))

    def kill_maintenance(self) -> Outcome:
        """SIGKILL at a random moment of maintenance."""
        diary = self._diary()
        with started(tidy_in_process, self.location, 0, diary) as process:
            diary.wait("ready")
            diary.note("go")
            time.sleep(self.random.uniform(0, self.tidy_s))
            process.kill()
            process.join()
        return self._judged([], hit=_is_open(diary))

    def kill_while_making(self) -> Outcome:
        """SIGKILL at a random moment while a new lake is made."""
        young, diary = copy(self), self._diary()
        young.location, young.expected, young.passes = self.stack.new_location(), Expected(), 1
        with started(make_in_process, young.location, 1, diary) as process:
            diary.wait("ready")
            time.sleep(self.random.uniform(0, self.making_s + self.pass_s))
            process.kill()
            process.join()
        hit = "made" not in diary.words() or _is_open(diary)
        try:
            young.healer = open_trial(young.location)
        except (WeatherError, duckdb.Error) as error:
            return Outcome(hit, None, 0, healed=False, words=str(error))
        done = young._judged([(1, diary)], hit=hit)
        young.close()
        return done

    def break_off(self, fault: Callable[[], None], mend: Callable[[], None], after_s: float) -> Outcome:
        """Something else breaks while this very process writes, which must go on afterwards without a new start."""
        number, diary = self._next(), self._diary()
        timer = Timer(after_s, fault)
        timer.start()
        write_days(self.healer, number, diary)
        timer.join()
        mend()
        return self._judged([(number, diary)], hit=_is_open(diary))

    def cut_s3(self) -> Outcome:
        """The connection to S3 is reset after a random number of bytes; in half of the trials every later one too."""
        proxy = self._proxy()
        # DuckDB tries again, each time waiting longer: with its three times a trial would take half a minute.
        self.healer.query("SET http_retries = 1")
        before = proxy.cuts
        proxy.cut_after(self.random.randrange(30_000), once=self.random.random() < 0.5)
        outcome = self.break_off(lambda: None, proxy.mend, 0.0)
        return replace(outcome, hit=proxy.cuts > before)

    def refuse_s3(self) -> Outcome:
        """S3 is gone from a random moment on."""
        proxy = self._proxy()
        self.healer.query("SET http_retries = 1")
        return self.break_off(proxy.refuse, proxy.mend, self._moment())

    def restart_postgres(self) -> Outcome:
        """The catalogue's server is killed and started again."""
        assert self.stack.postgres is not None
        return self.break_off(self.stack.postgres.restart, lambda: None, self._moment())

    def fill_disk(self) -> Outcome:
        """The disk becomes full after a random number of bytes."""
        with ExitStack() as full:
            full.enter_context(filled(self.stack.disk, self.random.randrange(150_000)))
            return self.break_off(lambda: None, full.close, 0.0)

    def _moment(self) -> float:
        """Seconds after which a pass is still under way, if nothing holds it up."""
        return self.random.uniform(0, self.pass_s)

    def _proxy(self) -> Any:
        assert self.stack.proxy is not None
        return self.stack.proxy


def _is_open(diary: Diary) -> bool:
    """Whether something had begun and was not done."""
    words = diary.words()
    return words.count("begin") > words.count("done")
