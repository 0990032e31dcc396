"""What a changed catalogue would come to, of the sessions that a club has: a process of its own, nothing is kept.

python -m rowsense.jobs.preview    what to compare as one line of JSON on standard input; answers as lines on output

Lines are ``{"done": 40, "total": 412}``, at the end ``{"result": {...}}`` or ``{"problem": "..."}``. The catalogue that
holds is held against the one that is thought of; a session's own older judgement does not matter. It is a process of
a page, not a job, because it takes seconds and must not wait behind an analysis.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, choose
from rowsense.assess.changes import changed_catalogue
from rowsense.assess.verdicts import Verdicts, clear_table, judge_sessions, rule_plan
from rowsense.errors import OutputError, RowSenseError, UsageError
from rowsense.jobs.judging import MEASURES, Measures, measures_of, read_measures, whole_series
from rowsense.settings import Settings
from rowsense.store.catalogues import Newest, current_catalogue, newest_analyses
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.opening import open_files
from rowsense.store.scope import ClubScope
from rowsense.store.session_folder import read_session

#: Sessions that are looked at, those that were rowed last [D]: read in some seconds, and more would not change what a
#: coach decides.
MOST_SESSIONS: Final = 2000
#: Sessions in memory at once [D].
_AT_ONCE: Final = 100
#: Names that are told of those who gain or lose a fault [D].
_MOST_NAMES: Final = 8


@dataclass
class _Count:
    """Of one fault."""

    name: str = ""
    more: int = 0
    fewer: int = 0
    before: int = 0
    """Strokes that count now."""
    sessions_more: int = 0
    sessions_fewer: int = 0
    had: set[uuid.UUID] = field(default_factory=set)
    """Athletes who have it in any session, now and then."""
    has: set[uuid.UUID] = field(default_factory=set)


def preview(
    store: ClubStore,
    scope: ClubScope,
    changes: Mapping[str, Any],
    tell: Callable[[int, int], None],
    most: int = MOST_SESSIONS,
) -> dict[str, Any]:
    """What the changes would come to.

    Raises
    ------
    UsageError
        They break rules; every problem is listed.
    """
    path = Settings().assess.catalogue
    with store.database.reading(scope) as unit:
        now = changed_catalogue(current_catalogue(unit).changes, path)
        everything = newest_analyses(unit)
    then = changed_catalogue(changes, path)
    asked = everything[:most]
    counts: dict[str, _Count] = defaultdict(_Count)
    strokes, read, unread = 0, 0, 0
    names = {one.athlete_id: one.athlete for one in asked}
    for style_level, batch in _batches(asked):
        found = [(one, measures) for one in batch if (measures := _measures(store, one, now)) is not None]
        unread += len(batch) - len(found)
        if found:
            strokes += _compare(found, _chosen(now, *style_level), _chosen(then, *style_level), counts)
        read += len(batch)
        tell(read, len(asked))
    return {
        "strokes": strokes,
        "sessions": len(asked) - unread,
        "unread": unread,
        "left_out": len(everything) - len(asked),
        "faults": [_told(fault, counts[fault], names) for fault in _order(now, then) if fault in counts],
    }


def _chosen(catalogue: Catalogue, style: str, level: str) -> Catalogue:
    """As far as the catalogue knows them."""
    known = {kind.id for kind in catalogue.styles}, {kind.id for kind in catalogue.levels}
    return choose(catalogue, style if style in known[0] else "", level if level in known[1] else "")


def _batches(asked: Sequence[Newest]) -> Iterator[tuple[tuple[str, str], list[Newest]]]:
    """Some at a time, of rowers of one style and level."""

    def kind(one: Newest) -> tuple[str, str]:
        return one.style, one.level

    for style_level, group in groupby(sorted(asked, key=kind), kind):
        whole = list(group)
        for start in range(0, len(whole), _AT_ONCE):
            yield style_level, whole[start : start + _AT_ONCE]


def _measures(store: ClubStore, one: Newest, catalogue: Catalogue) -> Measures | None:
    """What its strokes are judged by; None: its files cannot be read."""
    try:
        with store.files.fetch(one.prefix, [MEASURES]) as folder:
            kept = read_measures(folder)
        if kept is not None:
            return kept
    except OutputError:
        pass  # analysed before it was kept, or its files are gone
    try:
        with store.files.fetch(one.prefix, ["session.json", "frames.parquet", "track.parquet"]) as folder:
            session = read_session(folder)
    except (OutputError, UsageError):
        return None
    return measures_of(replace(session, angles=whole_series(session)), catalogue)


def _compare(
    found: Sequence[tuple[Newest, Measures]], now: Catalogue, then: Catalogue, counts: dict[str, _Count]
) -> int:
    """Add what changes in these sessions; gives their strokes."""
    pairs = [_shown_by_fault(found, catalogue) for catalogue in (now, then)]
    firsts = np.cumsum([0, *(len(measures.usable) for _, measures in found)])
    nothing = np.zeros(firsts[-1], dtype=np.bool_), np.zeros(len(found), dtype=np.bool_)
    for fault in {**pairs[0], **pairs[1]}:
        (shown_now, present_now), (shown_then, present_then) = (pair.get(fault, nothing) for pair in pairs)
        count = counts[fault]
        count.more += int((shown_then & ~shown_now).sum())
        count.fewer += int((shown_now & ~shown_then).sum())
        count.before += int(shown_now.sum())
        count.sessions_more += int((present_then & ~present_now).sum())
        count.sessions_fewer += int((present_now & ~present_then).sum())
        count.had.update(one.athlete_id for (one, _), there in zip(found, present_now, strict=True) if there)
        count.has.update(one.athlete_id for (one, _), there in zip(found, present_then, strict=True) if there)
    for known in (*now.faults, *then.faults):
        if known.id in counts:
            counts[known.id].name = known.name
    return int(sum(measures.usable.sum() for _, measures in found))


def _shown_by_fault(
    found: Sequence[tuple[Newest, Measures]], catalogue: Catalogue
) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Fault -> (S,) strokes that show it, where it can be judged, and (N,) sessions that have it."""
    plan = rule_plan(catalogue)
    if not plan.faults:
        return {}
    firsts = np.cumsum([0, *(len(measures.usable) for _, measures in found)], dtype=np.int64)

    def rows(which: str) -> NDArray[np.float64]:
        columns = [
            getattr(measures, which)[[measures.names.index(name) for name in plan.metrics]] for _, measures in found
        ]
        return np.ascontiguousarray(np.concatenate(columns, axis=1))

    verdicts: Verdicts = judge_sessions(
        rows("values"),
        rows("sds"),
        np.concatenate([measures.usable for _, measures in found]),
        firsts,
        np.stack([clear_table(measures.clear, plan) for _, measures in found]),
        plan,
    )
    strokes = np.repeat(np.arange(len(found)), np.diff(firsts))
    told = {}
    for f, fault in enumerate(plan.faults):
        shown = verdicts.shown[plan.fault_first[f] : plan.fault_first[f + 1]].any(axis=0)
        told[fault.id] = shown & verdicts.judgeable[strokes, f], verdicts.present[:, f]
    return told


def _order(now: Catalogue, then: Catalogue) -> list[str]:
    by_id = {fault.id: fault.order for fault in (*now.faults, *then.faults)}
    return sorted(by_id, key=lambda key: (by_id[key], key))


def _told(fault_id: str, count: _Count, names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    def people(keys: set[uuid.UUID]) -> dict[str, Any]:
        return {"count": len(keys), "names": sorted(names[key] for key in keys)[:_MOST_NAMES]}

    return {
        "id": fault_id,
        "name": count.name,
        "before": count.before,
        "more": count.more,
        "fewer": count.fewer,
        "sessions_more": count.sessions_more,
        "sessions_fewer": count.sessions_fewer,
        "gain": people(count.has - count.had),
        "lose": people(count.had - count.has),
    }


def main() -> None:
    """Answer one question."""
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def say(line: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    try:
        with Database(asked["url"]) as database:
            store = ClubStore(database, open_files(asked["files"]))
            scope = ClubScope(uuid.UUID(asked["club_id"]))
            say({"result": preview(store, scope, asked["changes"], lambda done, of: say({"done": done, "total": of}))})
    except RowSenseError as error:
        say({"problem": str(error)})
    os._exit(0)


def _end_with_parent() -> None:
    while sys.stdin.readline():
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
