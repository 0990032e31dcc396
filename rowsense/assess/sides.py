"""Which strokes of a recording stand on one side of a comparison, from what was typed.

People count strokes from 1, as the report does; inside they count from 0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rowsense.errors import NotMeasurableError, UsageError
from rowsense.model import Session, Side, Stroke
from rowsense.texts.found import stored_or_quoted
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

HOW: Final = "give 7, 1-10, 1-5,9, best or all"
#: A range, not a list, from so many strokes in a row on, when they are named.
_RUN: Final = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for; strokes must fit all of it."""

    kind: str = "all"
    """``all``, ``best``, ``others`` (all that the first side leaves) or ``numbers``."""
    numbers: tuple[int, ...] = ()
    """Stroke numbers from 1."""
    from_s: float = -math.inf
    to_s: float = math.inf
    """Strokes that lie whole between these seconds of the video."""

    @property
    def timed(self) -> bool:
        """Whether only a part of the video is meant."""
        return math.isfinite(self.from_s) or math.isfinite(self.to_s)


def parse_choice(words: str, from_s: float | None = None, to_s: float | None = None) -> Choice:
    """Read ``7``, ``1-10``, ``1-5,9``, ``best``, ``all`` or ``others``.

    Raises
    ------
    UsageError
        It is none of these, or the seconds run backwards.
    """
    low_s, high_s = -math.inf if from_s is None else from_s, math.inf if to_s is None else to_s
    if not low_s < high_s:
        raise UsageError(f"from {low_s:g} s to {high_s:g} s is no stretch of time; put the earlier second first")
    kind = words.strip().lower()
    if kind in ("all", "best", "others"):
        return Choice(kind, (), low_s, high_s)
    numbers: set[int] = set()
    for part in re.split(r"\s*,\s*", kind):
        numbers.update(_range(part, words))
    return Choice("numbers", tuple(sorted(numbers)), low_s, high_s)


def _range(part: str, words: str) -> range:
    found = re.fullmatch(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?", part)
    if not found:
        raise UsageError(f"{words!r} names no strokes; {HOW}")
    first, last = int(found[1]), int(found[2] or found[1])
    if first < 1:
        raise UsageError(f"{words!r}: strokes count from 1, as in the report; {HOW}")
    if last < first:
        raise UsageError(f"{part} runs backwards; write {last}-{first}")
    return range(first, last + 1)


def chosen(
    session: Session, choice: Choice, where: str, name: str = "", taken: Iterable[int] = (), t: Texts = ENGLISH
) -> Side:
    """The usable strokes of ``choice``.

    Args:
        session: where they are looked up.
        choice: which ones.
        where: what the session is called in an error.
        name: put before the strokes' own name; where all are meant it stands alone. Empty: no name is needed.
        taken: strokes of the other side, which ``others`` leaves out.
        t: the words of the side's name.
    Raises:
        UsageError: no such stroke.
        NotMeasurableError: there are such strokes, but none of them counts.
    """
    asked = _asked(session, choice, where, frozenset(taken))
    usable = tuple(s.index for s in asked if s.usable)
    if not usable:
        reasons = sorted({s.reason for s in asked})
        raise NotMeasurableError(
            f"{where}: none of the strokes asked for counts ({'; '.join(reasons)}); choose others, or film again"
        )
    own = "" if name and choice.kind == "all" and not choice.timed else _own_name(choice, usable, t)
    return Side(", ".join(n for n in (name, own) if n), usable, picked_by_score=choice.kind == "best")


def _asked(session: Session, choice: Choice, where: str, taken: frozenset[int]) -> list[Stroke]:
    strokes = session.strokes.strokes
    has = f"{where} has {len(strokes)} of them" if strokes else f"{where} has none"
    missing = [n for n in choice.numbers if n > len(strokes)]
    if missing:
        raise UsageError(f"no stroke {numbered(n - 1 for n in missing)}: {has}")
    wanted = {n - 1 for n in choice.numbers}
    if choice.kind == "best":
        wanted = set(_best(session, where))
    asked = [
        s
        for s in strokes
        if (choice.kind in ("all", "others") or s.index in wanted)
        and not (choice.kind == "others" and s.index in taken)
        and choice.from_s <= s.catch_time_s
        and s.end_time_s <= choice.to_s
    ]
    if not asked:
        lies = f"lies whole between {span_s(choice)}" if choice.timed else "is left for this side"
        raise UsageError(f"no stroke {lies}: {has}")
    return asked


def _best(session: Session, where: str) -> tuple[int, ...]:
    piece = session.assessment.piece
    if piece is None or piece.best is None:
        reason = piece.best_reason if piece is not None else "This session was stored before there were any."
        raise NotMeasurableError(f"{where}: no best strokes are known. {reason} Name strokes by their numbers")
    return piece.best.strokes


def _own_name(choice: Choice, usable: tuple[int, ...], t: Texts) -> str:
    if choice.kind == "others":
        return t("comparison.strokes.others")
    if choice.kind == "best":
        return t("comparison.strokes.best", numbers=numbered(usable))
    if choice.kind == "all":
        timed = choice.timed
        return t("comparison.strokes.span", span=span_s(choice, t)) if timed else t("comparison.strokes.all")
    return t(f"comparison.strokes.{'one' if len(usable) == 1 else 'many'}", numbers=numbered(usable))


def span_s(choice: Choice, t: Texts = ENGLISH) -> str:
    """``30 to 60 s`` of a stretch of time, its ends in words where they are open."""
    low, high = t.decimal(f"{choice.from_s:g}"), t.decimal(f"{choice.to_s:g}")
    if not math.isfinite(choice.from_s):
        return t("comparison.span.begin", high=high)
    return (
        t("comparison.span.both", low=low, high=high)
        if math.isfinite(choice.to_s)
        else t("comparison.span.end", low=low)
    )


def numbered(strokes: Iterable[int]) -> str:
    """``1–5, 9`` as people count them, of stroke numbers from 0."""
    runs: list[list[int]] = []
    for stroke in sorted(strokes):
        if runs and stroke == runs[-1][-1] + 1:
            runs[-1].append(stroke)
        else:
            runs.append([stroke])
    parts: list[str] = []
    for run in runs:
        parts += [f"{run[0] + 1}–{run[-1] + 1}"] if len(run) >= _RUN else [str(s + 1) for s in run]
    return ", ".join(parts)


def shared(first: Side, second: Side) -> tuple[int, ...]:
    """Strokes on both sides."""
    return tuple(sorted(set(first.strokes) & set(second.strokes)))


def left_out(session: Session, choice: Choice, side: Side, t: Texts = ENGLISH) -> str:
    """A sentence about strokes that were asked for and do not count; empty where all do."""
    asked = _asked(session, choice, "", frozenset()) if choice.kind != "others" else []
    unused = [s for s in asked if s.index not in side.strokes]
    if not unused:
        return ""
    reasons = "; ".join(sorted({stored_or_quoted(t, s.reason) for s in unused}))
    return t("comparison.left_out", n=len(unused), numbers=numbered(s.index for s in unused), reasons=reasons)
