"""How sure the numbers are, what could not be measured, and how to film next time."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from rowsense.model import Session
from rowsense.model.change import BETWEEN_SESSIONS_DEG
from rowsense.report.change import frame_sd_deg, rounded_up, stroke_doubt
from rowsense.report.words import FAULT_WORDS, QUANTITY_WORDS, plain, sentence
from rowsense.texts.found import stored
from rowsense.texts.measures import ENGLISH, fault_label, measure
from rowsense.texts.texts import Texts

#: Fewer usable strokes than this say little about a habit: with 5 deg error a stroke, no change between two phases,
#: means of five, is clear under 6 deg even where nothing of the error repeats [D].
FEW_STROKES = 5
#: Camera turned further than this from the side view is mentioned with advice [C].
_YAW_DEG, _ROLL_DEG = 8.0, 3.0
#: How the judgement marks the two notes that open the report.
FIRST, GOOD = "Look at this first: ", "What goes well: "


def certainty_lines(session: Session, t: Texts = ENGLISH) -> tuple[str, ...]:
    """Sentences about the uncertainty of what is shown."""
    lines = [_spine_line(session, "pelvic_tilt_deg", t), _spine_line(session, "lumbar_flexion_deg", t)]
    lines += [_reference_line(session, t), _camera_line(session, t)]
    usable = len(session.strokes.usable)
    if usable < FEW_STROKES:
        lines.append(t("report.sure.few", n=usable))
    lines.append(_between_films_line(session, t))
    return tuple(sentence(line) for line in lines)


def stored_notes(session: Session, t: Texts = ENGLISH) -> tuple[str, ...]:
    """Sentences of the judgement, apart from the two that open the report."""
    return tuple(sentence(line) for line in _told(t, _notes(session)))


def stroke_note_lines(session: Session, t: Texts = ENGLISH) -> tuple[str, ...]:
    """What of the film is no stroke, or does not count."""
    return _told(t, session.strokes.notes)


def only_english_lines(session: Session, t: Texts) -> tuple[str, ...]:
    """All that was kept as sentences and has no words in the reader's language; empty for an English reader."""
    kept = (*_notes(session), *_warnings(session), *_quality(session), *session.strokes.notes)
    lines = [sentence(line) for line in kept if stored(t, line) is None]
    lines += [_not_judged(ENGLISH, *one) for one in session.assessment.not_judged.items() if not _not_judged(t, *one)]
    return tuple(dict.fromkeys(lines))


def _told(t: Texts, lines: Iterable[str]) -> tuple[str, ...]:
    """Those of the stored lines that have words in the reader's language."""
    return tuple(said for line in lines if (said := stored(t, line)) is not None)


def _notes(session: Session) -> tuple[str, ...]:
    return tuple(note for note in session.assessment.notes if not note.startswith((FIRST, GOOD)))


def _warnings(session: Session) -> tuple[str, ...]:
    """What the camera and the film are warned of."""
    return (*session.camera.warnings, *session.video.warnings)


def _quality(session: Session) -> tuple[str, ...]:
    elsewhere = {*_warnings(session), *session.strokes.notes}
    return tuple(line for line in session.quality.values() if line not in elsewhere)


def _spine_line(session: Session, quantity: str, t: Texts) -> str:
    name, count = t(f"quantities.angle.{quantity}"), len(session.strokes.usable)
    sd_deg = frame_sd_deg(session, quantity)
    if not math.isfinite(sd_deg):
        return t("report.sure.no_sd", name=name)
    said = t("report.sure.frame", name=name, sd=measure(t, sd_deg, "deg"))
    if count == 0:
        return said
    doubt = stroke_doubt(session, quantity)
    deg = rounded_up(doubt.between_phases_deg(count), t)
    if count == 1:
        return t("report.sure.one_stroke", said=said, deg=deg)
    single = rounded_up(doubt.between_strokes_deg(1, 1), t)
    return t("report.sure.strokes", said=said, deg=deg, count=count, single=single)


def _between_films_line(session: Session, t: Texts) -> str:
    """Against another film with as many strokes that are known as well."""
    count = len(session.strokes.usable)
    known = [
        stroke_doubt(session, q).between_sessions_deg(count, count) for q in ("pelvic_tilt_deg", "lumbar_flexion_deg")
    ]
    hips, back = (rounded_up(deg if math.isfinite(deg) else BETWEEN_SESSIONS_DEG, t) for deg in known)
    both = t("report.sure.both", deg=hips)
    return t("report.sure.films", needed=both if hips == back else t("report.sure.each", hips=hips, back=back))


def _reference_line(session: Session, t: Texts) -> str:
    reference = session.spine_reference
    offset = measure(t, reference.pelvic_tilt_offset_sd_deg, "deg")
    if reference.kind == "calibration":
        return t("report.sure.calibrated", source=reference.source, offset=offset)
    return t("report.sure.no_zero", offset=offset)


def _camera_line(session: Session, t: Texts) -> str:
    camera = session.camera
    parts = []
    if math.isfinite(camera.roll_deg):
        parts.append(t("report.camera.tilted", deg=measure(t, camera.roll_deg, "deg", 1)))
    if math.isfinite(camera.yaw_deg):
        spread = f" ± {measure(t, camera.yaw_sd_deg, 'deg')}" if math.isfinite(camera.yaw_sd_deg) else ""
        parts.append(t("report.camera.turned", deg=f"{measure(t, camera.yaw_deg, 'deg')}{spread}"))
    return t("report.camera.seen", what=t.join(parts)) if parts else t("report.camera.unknown")


def not_measured_lines(session: Session, t: Texts = ENGLISH) -> tuple[str, ...]:
    """Sentences about what is missing and why; advice on filming and notes on strokes have their own places."""
    lines = list(_told(t, _quality(session)))
    for name in QUANTITY_WORDS:
        values = session.angles.values.get(name)
        if values is not None and not np.isfinite(values).any() and name not in session.quality:
            lines.append(t("report.not_measured", name=t(f"quantities.angle.{name}")))
    return tuple(dict.fromkeys(sentence(line) for line in lines))


def not_judged_lines(session: Session, t: Texts = ENGLISH) -> tuple[str, ...]:
    """Which faults were not judged, each with the reason, as far as it has words in the reader's language."""
    return tuple(line for one in session.assessment.not_judged.items() if (line := _not_judged(t, *one)))


def _not_judged(t: Texts, fault_id: str, reason: str) -> str:
    """Empty where the reason has no words in the reader's language."""
    why = stored(t, reason.strip().rstrip("."))
    if why is None:
        return ""
    english = FAULT_WORDS.get(fault_id, plain(fault_id).capitalize())
    name = english if t.language == ENGLISH.language else fault_label(t, fault_id)
    return sentence(t("report.not_judged", name=name, why=why))


def next_time_lines(session: Session, t: Texts = ENGLISH) -> tuple[str, ...]:
    """How to film so that more can be measured; what the camera and the film are warned of comes before."""
    lines = list(_told(t, _warnings(session)))
    if abs(session.camera.yaw_deg) > _YAW_DEG + session.camera.yaw_sd_deg:
        lines.append(t("report.next.beside"))
    if abs(session.camera.roll_deg) > _ROLL_DEG:
        lines.append(t("report.next.level"))
    if len(session.strokes.usable) < FEW_STROKES:
        lines.append(t("report.next.ten"))
    lines += [t("report.next.steady"), t("report.next.clothes")]
    return tuple(dict.fromkeys(lines))
