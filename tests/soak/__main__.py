"""``make soak``: kill every process at every window and say what became of it.

python -m tests.soak [--each 5] [--seed 1] [--only WORDS] [--where laptop|bucket|cluster] [--real] [--folder FOLDER]

Ctrl-C ends it in order. What the programs said stays in FOLDER where something went wrong. For a machine that is busy
with other things ``ROWSENSE_SOAK_PATIENCE_S`` says how long anything may take.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path

from tests.soak.laptop import laptop
from tests.soak.run import Place, Result, hits
from tests.soak.windows import COPIED, IN_A_BUCKET, ON_A_CLUSTER, PLACES, POSED, WINDOWS


def main() -> int:
    asked = _asked()
    places = (asked.where,) if asked.where else PLACES
    words = [word.strip().lower() for word in asked.only.split(",")]
    windows = [w for w in WINDOWS if any(word in w.name.lower() for word in words) and w.place in places]
    if asked.real:  # of the sample video alone strokes can be measured
        windows = [w for w in windows if w.what not in (COPIED, POSED)]
    folder = Path(asked.folder or tempfile.mkdtemp(prefix="rowsense-soak-"))
    whole, began_s, results = len(windows) * asked.each, time.monotonic(), []
    done = 0

    def tell(result: Result, words: str) -> None:
        nonlocal done
        done += 1
        left_s = (time.monotonic() - began_s) / done * (whole - done)
        print(f"{result.window.name}: {words}; {left_s / 60:.0f} min left", file=sys.stderr, flush=True)

    number = 0
    for stop in (signal.SIGINT, signal.SIGTERM):  # also where it was started in the background
        signal.signal(stop, signal.default_int_handler)
    try:
        for where in PLACES:
            waiting = [w for w in windows if w.place == where]
            while waiting:
                number += 1
                with _place(where, folder / str(number), asked.real) as place:
                    for result in hits(place, waiting, lambda _: asked.each, asked.seed, tell):
                        results.append(result)
                        waiting = waiting[1:]
                        print(_line(result), file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    print(table(results, asked.seed))
    good = len(results) == len(windows) and not any(r.problems for r in results)
    if good and not asked.folder:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"what the programs said is in {folder}", file=sys.stderr)
    return 0 if good else 1


def table(results: list[Result], seed: int) -> str:
    """As the documentation shows it."""
    lines = ["| window | killed | kills | slowest until analysed | |", "|---|---|---|---|---|"]
    lines += [_line(result) for result in results]
    kills, bad = sum(r.kills for r in results), sum(bool(r.problems) for r in results)
    seconds = sum(r.seconds for r in results)
    told = f"{kills} kills at {len(results)} windows, seed {seed}, {seconds / 60:.0f} min; {bad} windows with problems"
    return "\n".join([*lines, "", told])


def _line(result: Result) -> str:
    window = result.window
    said = "; ".join(result.problems) or "all well"
    return f"| {window.name} | {window.victim} | {result.kills} | {result.slowest_s:.0f} s | {said} |"


def _place(where: str, folder: Path, real: bool) -> AbstractContextManager[Place]:
    if where == ON_A_CLUSTER:
        from tests.soak.cluster import cluster as on_a_cluster

        return on_a_cluster(folder, real)
    if where == IN_A_BUCKET:
        from tests.soak.bucket import in_a_bucket

        return in_a_bucket(folder, real)
    return laptop(folder, real)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--each", type=int, default=5, help="kills at every window")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="windows with one of these, between commas, in their name")
    parser.add_argument("--where", default="", choices=PLACES, help="on one of them only")
    parser.add_argument("--real", action="store_true", help="analyse a real film instead of taking a prepared folder")
    parser.add_argument("--folder", default="", help="where stores and what programs said go, and stay")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
