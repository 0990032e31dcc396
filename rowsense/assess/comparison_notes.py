"""What a reader of a comparison has to know about it, in sentences."""

from __future__ import annotations

import math

from rowsense.assess.contrast import LEAST_FREEDOM
from rowsense.assess.piece_strokes import RATE
from rowsense.model import Comparison, Session
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

#: From this difference of the mean rates on it is said that like is not held against like. [D] The step that the piece
#: takes as another rate.
OTHER_RATE_SPM = 2.0


def notes_of(compared: Comparison, first: Session, second: Session, t: Texts = ENGLISH) -> tuple[str, ...]:
    """Sentences, the most important first."""
    notes = [_zero(compared, t), _rower(compared, first, second, t), *_strokes(compared, t), _rate(compared, t)]
    if not compared.one_session and first.video.sha256 == second.video.sha256:
        notes.append(t("comparison.note.same_video"))
    return tuple(note for note in notes if note)


def _zero(compared: Comparison, t: Texts) -> str:
    if compared.zero == "shared":
        return ""
    floor = t("comparison.note.floor")
    if compared.zero == "calibrated":
        return t("comparison.note.calibrated", floor=floor)
    return t("comparison.note.own_zero", floor=floor)


def _rower(compared: Comparison, first: Session, second: Session, t: Texts) -> str:
    if not compared.same_rower:
        return t("comparison.note.two_rowers", first=first.athlete, second=second.athlete)
    if not compared.one_session and not (first.athlete and second.athlete):
        return t("comparison.note.unknown_rower")
    return ""


def _strokes(compared: Comparison, t: Texts) -> list[str]:
    notes = []
    counts = len(compared.first.strokes), len(compared.second.strokes)
    if sum(counts) - 2 < LEAST_FREEDOM:
        notes.append(t("comparison.note.few"))
    if compared.first.picked_by_score or compared.second.picked_by_score:
        notes.append(t("comparison.note.best"))
    return notes


def _rate(compared: Comparison, t: Texts) -> str:
    for one in compared.times:
        if one.quantity == RATE and math.isfinite(one.difference) and abs(one.difference) >= OTHER_RATE_SPM:
            return t("comparison.note.rates", first=t.number(one.first, 1), second=t.number(one.second, 1))
    return ""
