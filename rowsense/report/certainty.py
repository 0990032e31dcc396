"""How sure the numbers are, what could not be measured, and how to film next time."""

from __future__ import annotations

import math

import numpy as np

from rowsense.model import Session
from rowsense.model.change import BETWEEN_SESSIONS_DEG
from rowsense.report.change import frame_sd_deg, rounded_up, stroke_doubt
from rowsense.report.words import FAULT_WORDS, QUANTITY_WORDS, number, plain, sentence

#: Fewer usable strokes than this say little about a habit: with 5 deg error a stroke, no change between two phases,
#: means of five, is clear under 6 deg even where nothing of the error repeats [D].
FEW_STROKES = 5
#: Camera turned further than this from the side view is mentioned with advice [C].
_YAW_DEG, _ROLL_DEG = 8.0, 3.0
#: How the judgement marks the two notes that open the report.
FIRST, GOOD = "Look at this first: ", "What goes well: "


def certainty_lines(session: Session) -> tuple[str, ...]:
    """Sentences about the uncertainty of what is shown."""
    lines = [
        _spine_line(session, "pelvic_tilt_deg"),
        _spine_line(session, "lumbar_flexion_deg"),
    ]
    lines += [_reference_line(session), _camera_line(session)]
    usable = len(session.strokes.usable)
    if usable < FEW_STROKES:
        strokes = "1 stroke" if usable == 1 else f"{usable} strokes"
        lines.append(f"{strokes} counted: enough to see a movement, too few to call it a habit.")
    lines.append(_between_films_line(session))
    lines += [note for note in session.assessment.notes if not note.startswith((FIRST, GOOD))]
    return tuple(sentence(line) for line in lines)


def _spine_line(session: Session, quantity: str) -> str:
    name, count = QUANTITY_WORDS[quantity][0], len(session.strokes.usable)
    sd_deg = frame_sd_deg(session, quantity)
    if not math.isfinite(sd_deg):
        return f"{name}: no uncertainty could be given, so read it as a shape, not as numbers."
    line = f"{name}: about ± {number(sd_deg, 'deg')} in a single picture."
    if count == 0:
        return line
    doubt = stroke_doubt(session, quantity)
    line += f" A difference under {rounded_up(doubt.between_phases_deg(count))} between two phases of this "
    if count == 1:
        return f"{line}one stroke is no clear change."
    single = f"nor is one under {rounded_up(doubt.between_strokes_deg(1, 1))} between two single strokes in one phase"
    return f"{line}piece (means of {count} strokes) is no clear change, {single}."


def _between_films_line(session: Session) -> str:
    """Against another film with as many strokes that are known as well."""
    count = len(session.strokes.usable)
    known = [
        stroke_doubt(session, q).between_sessions_deg(count, count) for q in ("pelvic_tilt_deg", "lumbar_flexion_deg")
    ]
    hips, back = (rounded_up(deg if math.isfinite(deg) else BETWEEN_SESSIONS_DEG) for deg in known)
    needed = f"{hips} in hips or low back" if hips == back else f"{hips} in the hips or {back} in the low back"
    return f"Between two films like this one, a difference under {needed} is no clear change."


def _reference_line(session: Session) -> str:
    reference = session.spine_reference
    offset = number(reference.pelvic_tilt_offset_sd_deg, "deg")
    if reference.kind == "calibration":
        return (
            f"The zero is your own tall sitting posture (calibration of {reference.source}), known to about "
            f"± {offset}; changes within a stroke are surer."
        )
    return (
        f"There is no zero of your own yet, so the level of the hips may be off by about ± {offset}: "
        "read changes within the stroke, not levels. A calibration gives you your own zero (rowsense calibrate)."
    )


def _camera_line(session: Session) -> str:
    camera = session.camera
    parts = []
    if math.isfinite(camera.roll_deg):
        parts.append(f"tilted by {number(camera.roll_deg, 'deg', 1)} (taken out)")
    if math.isfinite(camera.yaw_deg):
        spread = f" ± {number(camera.yaw_sd_deg, 'deg')}" if math.isfinite(camera.yaw_sd_deg) else ""
        parts.append(f"turned by {number(camera.yaw_deg, 'deg')}{spread} from a straight side view")
    return f"Camera: {' and '.join(parts)}." if parts else "Camera: its tilt and turn could not be estimated."


def not_measured_lines(session: Session) -> tuple[str, ...]:
    """Sentences about what is missing and why; advice on filming and notes on strokes have their own places."""
    elsewhere = {*session.camera.warnings, *session.video.warnings, *session.strokes.notes}
    lines = [sentence for sentence in session.quality.values() if sentence not in elsewhere]
    for name, (words, _) in QUANTITY_WORDS.items():
        values = session.angles.values.get(name)
        if values is not None and not np.isfinite(values).any() and name not in session.quality:
            lines.append(f"{words} could not be measured in this film.")
    return tuple(dict.fromkeys(sentence(line) for line in lines))


def not_judged_lines(session: Session) -> tuple[str, ...]:
    """Which faults were not judged, each with the reason."""
    return tuple(
        sentence(f"{FAULT_WORDS.get(fault_id, plain(fault_id).capitalize())}: {reason.strip().rstrip('.')}.")
        for fault_id, reason in session.assessment.not_judged.items()
    )


def next_time_lines(session: Session) -> tuple[str, ...]:
    """How to film so that more can be measured."""
    lines = [*session.camera.warnings, *session.video.warnings]
    if abs(session.camera.yaw_deg) > _YAW_DEG + session.camera.yaw_sd_deg:
        lines.append("Stand exactly beside the machine, level with the middle of the slide.")
    if abs(session.camera.roll_deg) > _ROLL_DEG:
        lines.append("Hold the phone level: the rail should run level through the picture.")
    if len(session.strokes.usable) < FEW_STROKES:
        lines.append("Film at least ten strokes in one go.")
    lines.append(
        "Put the phone on something steady at seat height, three to four metres away, with the whole machine in view."
    )
    lines.append("Wear something close-fitting, tuck the shirt in, and keep the wall behind your back plain.")
    return tuple(dict.fromkeys(lines))
