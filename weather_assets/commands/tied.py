"""Runs a program so that it, and all that it starts, ends with the process that asked for it.

`python -m weather_assets.commands.tied PROGRAM ARGUMENT...`, started as the leader of a process group. A signal handler
of the starter would not do: nothing handles SIGKILL.
"""

import os
import signal
import subprocess
import sys
import threading

GRACE_S = 8.0
"""How long a program that is told to end may take."""

_LOOK_EVERY_S = 0.5


def main(command: list[str]) -> int:
    """Run the command until it ends (its exit status), or until SIGTERM or the starter's death ends the whole group."""
    starter = os.getppid()
    told_to_end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told_to_end.set())
    child = subprocess.Popen(command)  # noqa: S603  # the arguments are those of `weather up`
    while not told_to_end.is_set() and os.getppid() == starter:
        try:
            status = child.wait(_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            continue
        return status if status >= 0 else 128 - status
    _end_group(child)
    return 0


def _end_group(child: "subprocess.Popen[bytes]") -> None:
    """Ask the whole group to end, and kill what has not done so in time, this process included."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
