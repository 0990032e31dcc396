"""What a command shows while it works: bars with the time left, or JSON lines. Always on stderr; results on stdout."""

from __future__ import annotations

import json
import sys
import time
from typing import Any, Final, Self

STAGES: Final = {
    "probe": "Reading the file",
    "fetch": "Getting the pose model",
    "scout": "Finding the rower",
    "observe": "Following pose and back",
    "overlay": "Drawing the overlay",
    "film": "Copying the film for browsers",
    "report": "Writing the report",
    "render": "Rendering the clip",
    "copy": "Copying the store",
    "check": "Reading the backup",
    "restore": "Bringing it back",
    "export": "Writing the ZIP",
    "look": "Reading the film",
    "send": "Sending",
    "analyze": "Analysing",
}
_JSON_INTERVAL_S: Final = 0.5


class Console:
    """Shows progress of one command; ``close`` (or leaving the ``with`` block) tidies the terminal."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}
        self._subject = ""
        self._last_json: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def subject(self, name: str) -> None:
        """Name the file that the next progress is about."""
        self.close()
        self._subject = name

    def progress(self, stage: str, done: float, total: float) -> None:
        """Show that ``stage`` has come to ``done`` of ``total``."""
        if self.as_json:
            self._progress_json(stage, done, total)
        elif sys.stderr.isatty():
            self._progress_bar(stage, done, total)

    def note(self, sentence: str) -> None:
        """Say one line on stderr."""
        self._print({"note": sentence}, sentence)

    def error(self, sentence: str) -> None:
        """Say what went wrong with one of several inputs."""
        self._print({"error": sentence}, f"rowsense: {sentence}")

    def done(self, data: dict[str, Any], sentence: str) -> None:
        """Give a result on stdout."""
        self.close()
        print(json.dumps(data, ensure_ascii=False) if self.as_json else sentence, flush=True)

    def close(self) -> None:
        """Stop the bars."""
        if self._bars is not None:
            self._bars.stop()
        self._bars, self._tasks, self._last_json = None, {}, {}

    def _print(self, data: dict[str, Any], sentence: str) -> None:
        self.close()
        line = json.dumps({"file": self._subject, **data}, ensure_ascii=False) if self.as_json else sentence
        print(line, file=sys.stderr, flush=True)

    def _progress_json(self, stage: str, done: float, total: float) -> None:
        now = time.monotonic()
        if done < total and now - self._last_json.get(stage, 0.0) < _JSON_INTERVAL_S:
            return
        self._last_json[stage] = now
        event = {"file": self._subject, "stage": stage, "done": done, "total": total}
        print(json.dumps(event, ensure_ascii=False), file=sys.stderr, flush=True)

    def _progress_bar(self, stage: str, done: float, total: float) -> None:
        if self._bars is None:
            self._bars = _new_bars()
            self._bars.start()
        if stage not in self._tasks:
            label = STAGES.get(stage, stage)
            self._tasks[stage] = self._bars.add_task(label, total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)


def _new_bars() -> Any:
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description:<24}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=RichConsole(stderr=True),
    )
