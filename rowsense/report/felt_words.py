"""What she felt beside what was measured, in a sentence or two."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from rowsense.model import Felt, HipsAnalysis, Session
from rowsense.report.texts import QUESTION

ASKED: Final = "First, a question."
TOLD: Final = "What you felt, and what was measured."
_SAID: Final = {
    "yes": "You said that you could feel your hips tip back.",
    "no": "You said that you could not feel your hips tip back.",
    "unsure": "You were not sure whether you could feel your hips tip back.",
}
#: As the report's template writes it.
_ASKING: Final = re.compile(r'(<p class="question" id="question">).*?(</p>)', re.DOTALL)


def question_of(session: Session) -> tuple[str, str]:
    """A title and what stands under it: the question, or the answer beside the measurement where she has answered."""
    if session.felt is None:
        return ASKED, QUESTION
    hips = session.assessment.hips
    if hips is None or hips.reason or not hips.judged_stroke_count:
        return TOLD, f"{_answer(session.felt)} It could not be measured this time."
    if session.felt.answer == "strokes":
        return TOLD, _by_stroke(session, session.felt, hips)
    count, of = len(hips.give_ways), hips.judged_stroke_count
    return TOLD, f"{_answer(session.felt)} They were measured to tip back in {count} of {_strokes(of)}."


def with_answer(page: str, session: Session) -> str:
    """A report that was written before the rower was asked, with her answer where it asks.

    Reports of before RowSense kept answers stay as they are.
    """
    title, words = question_of(session)
    return _ASKING.sub(lambda found: f"{found[1]}<strong>{escape(title)}</strong> {escape(words)}{found[2]}", page, 1)


def _answer(felt: Felt) -> str:
    return _SAID.get(felt.answer) or f"You felt your hips tip back in {_strokes(len(felt.strokes))}."


def _by_stroke(session: Session, felt: Felt, hips: HipsAnalysis) -> str:
    found = felt.against((s.index for s in session.strokes.usable), (g.stroke for g in hips.give_ways))
    others = found.felt_only + found.neither
    parts = [_answer(felt)]
    if found.measured:
        parts.append(f"Of the {_strokes(found.measured)} in which they were measured to, you felt {found.both}.")
    else:
        parts.append("They were not measured to in any stroke that counted.")
    if others and found.measured:
        parts.append(f"Of the {others} others you felt {found.felt_only}.")
    return " ".join(parts)


def _strokes(count: int) -> str:
    return "1 stroke" if count == 1 else f"{count} strokes"
