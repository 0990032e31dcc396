"""What she felt beside what was measured, in a sentence or two."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from rowsense.model import Felt, HipsAnalysis, Session
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

ASKED: Final = ENGLISH("report.felt.asked")
TOLD: Final = ENGLISH("report.felt.told")
#: As the report's template writes it.
_ASKING: Final = re.compile(r'(<p class="question" id="question">).*?(</p>)', re.DOTALL)


def question_of(session: Session, t: Texts = ENGLISH) -> tuple[str, str]:
    """A title and what stands under it: the question, or the answer beside the measurement where she has answered."""
    if session.felt is None:
        return t("report.felt.asked"), t("report.felt.question")
    return t("report.felt.told"), _beside(session, session.felt, t)


def _beside(session: Session, felt: Felt, t: Texts) -> str:
    hips, answer = session.assessment.hips, _answer(felt, t)
    if hips is None or hips.reason or not hips.judged_stroke_count:
        return t("report.felt.not_measured", answer=answer)
    if felt.answer == "strokes":
        return _by_stroke(session, felt, hips, t)
    return t("report.felt.measured", answer=answer, count=len(hips.give_ways), n=hips.judged_stroke_count)


def with_answer(page: str, session: Session) -> str:
    """A report that was written before the rower was asked, with her answer where it asks.

    Reports of before RowSense kept answers stay as they are.
    """
    title, words = question_of(session)
    return _ASKING.sub(lambda found: f"{found[1]}<strong>{escape(title)}</strong> {escape(words)}{found[2]}", page, 1)


def _answer(felt: Felt, t: Texts) -> str:
    if felt.answer == "strokes":
        return t("report.felt.strokes", n=len(felt.strokes))
    return t(f"report.felt.{felt.answer}")


def _by_stroke(session: Session, felt: Felt, hips: HipsAnalysis, t: Texts) -> str:
    found = felt.against((s.index for s in session.strokes.usable), (g.stroke for g in hips.give_ways))
    others = found.felt_only + found.neither
    parts = [_answer(felt, t)]
    if found.measured:
        parts.append(t("report.felt.of_measured", n=found.measured, both=found.both))
    else:
        parts.append(t("report.felt.none_measured"))
    if others and found.measured:
        parts.append(t("report.felt.of_others", others=others, felt=found.felt_only))
    return " ".join(parts)
