"""What an address asks to be compared, and the address of what is asked: it can be sent to somebody."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlencode

from dashboards.texts.reader import texts
from rowsense.assess.sides import Choice, parse_choice
from rowsense.errors import UsageError

PATH: Final = "/compare"
DATA: Final = f"{PATH}/data.json"
#: The page that compares seasons.
SEASONS: Final = f"{PATH}/seasons"
#: Field of the list of sessions in which two are ticked. They are listed newest first, so the last one comes first.
PICK: Final = "pick"
FIRST, SECOND, STROKES, WITH, CUE, ROWERS = "first", "second", "strokes", "with", "cue", "rowers"
ANY: Final = "any"
#: The switch that hides names, as on the other pages.
NAMES, OFF = "names", "off"
#: Words to find sessions by, now and when the form was shown; they are no part of what is compared.
FIND, FOUND = "find", "found"
#: Longer ones are no list of strokes that somebody typed.
_MOST_LETTERS: Final = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """As it was typed or chosen; empty = left open."""

    first: str = ""
    """Key of a session."""
    second: str = ""
    """Empty, or as ``first``: strokes of one session."""
    strokes: str = ""
    against: str = ""
    cue: str = ""
    """A second of the film: before it against after it."""
    any_rower: bool = False
    names_hidden: bool = False
    find: str = ""
    """Words that the sessions in the lists have to fit."""
    found: str = ""
    """The words that they fitted when the form was shown."""

    @property
    def one_session(self) -> bool:
        """Whether both sides are of one session."""
        return self.second in ("", self.first)

    @property
    def settled(self) -> bool:
        """Whether it says what to hold against what. Who has typed other words looks for a session first."""
        if self.find != self.found:
            return False
        parts = (self.strokes, self.against, self.cue)
        return bool(self.first) and (not self.one_session or any(part not in ("", "all") for part in parts))

    @property
    def address(self) -> str:
        """Of the page."""
        return _with(PATH, self)

    @property
    def data_address(self) -> str:
        """Of what the page's films and charts are made of."""
        return _with(DATA, self)


def asked_for(search: str | None) -> Asked:
    """Read the part of an address behind the question mark.

    Raises
    ------
    UsageError
        More than two sessions are ticked.
    """
    try:
        fields = parse_qs((search or "").removeprefix("?"), max_num_fields=300)
    except ValueError:
        fields = {}
    picked = list(dict.fromkeys(fields.get(PICK, [])))
    if len(picked) > 2:
        raise UsageError(texts()("compare.problem.ticked", count=len(picked)))

    def last(name: str) -> str:
        return fields.get(name, [""])[-1].strip()[:_MOST_LETTERS]

    first, second = (picked[::-1] + ["", ""])[:2] if picked else (last(FIRST), last(SECOND))
    hidden = last(NAMES) == OFF
    any_rower = last(ROWERS) == ANY
    return Asked(first, second, last(STROKES), last(WITH), last(CUE), any_rower, hidden, last(FIND), last(FOUND))


def choices(asked: Asked) -> tuple[Choice, Choice]:
    """Which strokes stand on which side.

    Raises
    ------
    UsageError
        It cannot be read, or the parts do not go together.
    """
    strokes = asked.strokes or "all"
    if not asked.cue:
        return parse_choice(strokes), parse_choice(asked.against or ("others" if asked.one_session else "all"))
    if not asked.one_session:
        raise UsageError(texts()("compare.problem.cue_one"))
    if asked.against:
        raise UsageError(texts()("compare.problem.cue_strokes"))
    cue_s = _seconds(asked.cue)
    return parse_choice(strokes, None, cue_s), parse_choice(strokes, cue_s, None)


def _seconds(words: str) -> float:
    """``95``, ``95.5`` or ``1:35``; a comma is taken for a point."""
    minutes, colon, seconds = words.replace(",", ".").rpartition(":")
    try:
        found = float(seconds) + (60 * int(minutes) if colon else 0)
    except (ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found) or found < 0:
        raise UsageError(texts()("compare.problem.no_moment", said=words))
    return found


def _with(path: str, asked: Asked) -> str:
    fields = {FIRST: asked.first, SECOND: "" if asked.one_session else asked.second, STROKES: asked.strokes}
    fields |= {WITH: asked.against, CUE: asked.cue, ROWERS: ANY if asked.any_rower else ""}
    fields |= {NAMES: OFF if asked.names_hidden else ""}
    said = urlencode({name: value for name, value in fields.items() if value})
    return f"{path}?{said}" if said else path
