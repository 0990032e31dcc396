"""What the drawing needs to know about a session, worked out once and looked up for every frame."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_INDEX, PHASES, SIDE_JOINTS
from rowsense.model import FaultFinding, Session, Stroke
from rowsense.texts.catalogue import LANGUAGES
from rowsense.texts.measures import spoken
from rowsense.texts.texts import Texts

FloatArray = NDArray[np.float64]
#: In a session's provenance.
_LANGUAGE: Final = "language"


@dataclass(frozen=True, slots=True)
class Scene:
    """A session with the look-ups that drawing repeats for every frame."""

    session: Session
    tilt_middle_deg: float
    """The rower's own median pelvic tilt; NaN where never measured."""
    flexion_middle_deg: float
    """The rower's own median lumbar flexion; NaN where never measured."""
    catch_times_s: tuple[float, ...]
    t: Texts
    """In whose language words are drawn."""

    @classmethod
    def of(cls, session: Session) -> Scene:
        """The scene of a session."""
        return cls(
            session=session,
            tilt_middle_deg=_median(session.angles["pelvic_tilt_deg"]),
            flexion_middle_deg=_median(session.angles["lumbar_flexion_deg"]),
            catch_times_s=tuple(s.catch_time_s for s in session.strokes.strokes),
            t=words_of(session),
        )

    @property
    def behind(self) -> float:
        """Direction along x from the rower's front to her back: -1 when she faces right."""
        return -1.0 if self.session.facing == "right" else 1.0

    def stroke_at(self, row: int) -> Stroke | None:
        """The stroke that row ``row`` lies in, None outside strokes."""
        time_s = float(self.session.track.time_s[row])
        index = bisect_right(self.catch_times_s, time_s) - 1
        if index < 0:
            return None
        stroke = self.session.strokes.strokes[index]
        return stroke if time_s < stroke.end_time_s else None

    def phase_at(self, row: int) -> str:
        """Phase id of row ``row``; empty outside strokes."""
        stroke = self.stroke_at(row)
        if stroke is None:
            return ""
        index = bisect_right(stroke.phase_borders_s, float(self.session.track.time_s[row])) - 1
        return PHASES[min(max(index, 0), len(PHASES) - 1)]

    def faults_at(self, row: int) -> tuple[FaultFinding, ...]:
        """The faults that frame ``row`` shows."""
        frame = int(self.session.track.frame[row])
        found = self.session.assessment.faults
        return tuple(f for f in found if any(first <= frame < end for first, end in f.frames))

    def joints(self, row: int) -> dict[str, FloatArray]:
        """Near-side joints by name, each (2,) picture pixels; NaN where missing.

        The near side is the one she faces: looking along the rail towards the right of the picture, the
        camera is on her right-hand side.
        """
        points = self.session.track.xy_px[row]
        return {name: points[LANDMARK_INDEX[f"{self.session.near_side}_{name}"]] for name in SIDE_JOINTS}


def drawn_in(session: Session, language: str) -> Session:
    """The session with the language of its pictures, which its provenance keeps; empty: English."""
    about = {name: value for name, value in session.provenance.items() if name != _LANGUAGE}
    return replace(session, provenance=about | ({_LANGUAGE: language} if language else {}))


def words_of(session: Session) -> Texts:
    """The texts that are drawn on its pictures; English where it says nothing that is known here."""
    language = session.provenance.get(_LANGUAGE, "")
    return spoken(language if language in LANGUAGES else "")


def _median(values: FloatArray) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else float("nan")
