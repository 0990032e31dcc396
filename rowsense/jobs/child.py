"""The process that does one job and then ends, so that everything it took goes back to the system.

python -m rowsense.jobs.child    a task as one line on standard input; reports and the ending as lines of JSON on output

It ends itself when its input is closed: whoever started it is gone then.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from typing import IO, Any

from rowsense.errors import CalibrationError, NotMeasurableError, RowSenseError, UsageError, VideoError
from rowsense.jobs.surroundings import is_around
from rowsense.jobs.telling import How, Report
from rowsense.jobs.work import GivesWay, Task, Work

#: Trying again ends the same.
_USELESS = (UsageError, VideoError, NotMeasurableError, CalibrationError)


def main() -> None:
    """Do the task, tell how it goes and how it ended."""
    # Libraries write to the standard output as they like; the lines have one of their own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what is half-written is tidied away
    task = Task.from_line(_first_line())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    how, words = done(task, lambda told: _say(answers, {"report": asdict(told)}))
    _say(answers, {"end": how.value, "words": words})
    os._exit(0)  # taking down all that was imported takes half a second and frees nothing that this does not


def done(task: Task, tell: Callable[[Report], None]) -> tuple[How, str]:
    """Do it; how it ended, and why in words."""
    try:
        module, _, name = task.function.partition(":")
        getattr(import_module(module), name)(Work(task, tell))
    except KeyboardInterrupt:
        return How.CANCELLED, ""
    except GivesWay as reason:
        return How.RELEASED, str(reason)
    except _USELESS as error:
        return How.WAITS if is_around(error) else How.USELESS, str(error)
    except RowSenseError as error:
        return How.WAITS if is_around(error) else How.ERROR, str(error)
    except Exception as error:
        if is_around(error):
            return How.WAITS, _plain(error)
        traceback.print_exc()
        return How.ERROR, f"a mistake in the program ({type(error).__name__}: {error})"
    return How.DONE, ""


def _plain(error: Exception) -> str:
    """What is away or full, in a line."""
    if "sqlalchemy" in sys.modules:
        from rowsense.store.trouble import is_away, words_of

        if is_away(error):
            return words_of(error)
    return f"{getattr(error, 'filename', None) or 'the disk'}: {getattr(error, 'strerror', None) or error}"


def _first_line() -> bytes:
    """Read byte by byte from below Python's buffer, so that the other thread can wait for the end of the input."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            sys.exit("no task on the standard input")
        line += byte
    return line


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


def _say(answers: IO[str], what: dict[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
