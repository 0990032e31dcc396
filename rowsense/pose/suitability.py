"""Which of the people found is the rower, and can she be measured: the judgement of the sparse pass.

What is refused is refused with a sentence that says how to film next time; what is only worse is a warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_INDEX
from rowsense.errors import NotMeasurableError, UsageError
from rowsense.pose.people import Detections, Person

#: Trunk in source pixels: below the first refused, below the second warned [D: the network sees the trunk at about
#: 60 pixels of its own].
MIN_TRUNK_PX: Final = 35.0
SMALL_TRUNK_PX: Final = 60.0
#: Shoulders apart, trunk lengths [D: shoulder width / trunk length 0.75, so 27 and 42 deg off the side view].
WARN_SHOULDERS_RATIO: Final = 0.34
MAX_SHOULDERS_RATIO: Final = 0.5
#: A joint is cut off when it is out of the picture in more than this part of the looked-at frames [D].
MAX_CUT_RATIO: Final = 0.1
#: Mean brightness 0..255 of a dark and of a dim picture [D].
DARK_LUMA: Final = 25.0
DIM_LUMA: Final = 40.0
#: The rower is found in at least this part of the looked-at frames, or it is said [D].
MIN_SEEN_RATIO: Final = 0.7

HOW_TO_FILM: Final = (
    "film from the side, camera level with the seat and square to the rail, whole body and handle in the picture"
)
_NEEDED_JOINTS: Final = ("shoulder", "hip", "knee", "wrist")
_USEFUL_JOINTS: Final = ("ear", "elbow", "ankle")
_GRID_PX: Final = 16

FloatArray = NDArray[np.float64]
CropPx = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Picture:
    """Upright source size and mean brightness (0..255) of the looked-at frames."""

    width_px: float
    height_px: float
    luma: float


@dataclass(frozen=True, slots=True)
class Scout:
    """What the sparse pass found."""

    people: tuple[Person, ...]
    """Nearest first."""
    chosen: Person
    facing: str
    """``left`` or ``right`` in the picture: where the flywheel is."""
    near_side: str
    """``left`` or ``right`` side of her body: the one that the camera sees."""
    crop_px: CropPx
    """x0, y0, x1, y1 in upright source pixels: where she is through all looked-at frames, with a margin."""
    landmarks_px: FloatArray
    """(N, 33, 2) upright source pixels: the chosen person in the frames in which she was found."""
    warnings: tuple[str, ...]


def nearest_rower(people: Sequence[Detections]) -> Detections | None:
    """The largest person who rows; None where nobody does. ``people`` come largest first."""
    return next((one for one in people if one.person.rows), None)


def nearest_seated(people: Sequence[Detections]) -> Detections | None:
    """The largest person who sits as on an ergometer, seen from the side, rowing or not; None where nobody does."""
    return next((one for one in people if one.person.facing), None)


def judge(people: Sequence[Detections], picture: Picture, *, rower: int | None = None, posing: bool = False) -> Scout:
    """Choose the rower (or take person ``rower``, 1 = nearest) and decide whether she can be measured.

    With ``posing`` she need not row: the largest person who sits with the feet ahead of her, as seen from the side.

    Raises
    ------
    NotMeasurableError
        Nobody there, nobody rowing, a dynamic ergometer, not from the side, cut off, too small or too dark.
    UsageError
        ``rower`` is not one of the people found.
    """
    if not people:
        _refuse_empty(picture)
    chosen = _choose(people, rower, posing)
    person = chosen.person
    _refuse_unmeasurable(chosen, picture)
    return Scout(
        people=tuple(one.person for one in people),
        chosen=person,
        facing=person.facing,
        near_side=person.near_side,
        crop_px=crop_around(person, picture),
        landmarks_px=chosen.xy_px,
        warnings=tuple(_warnings(people, chosen, picture, rower)),
    )


def crop_around(person: Person, picture: Picture) -> CropPx:
    """Her box with a margin, clipped to the picture and rounded outwards.

    Margins, trunk lengths [D]: 0.4 to the sides (longer strokes than the looked-at ones, hands beyond the wrist),
    0.4 above (the crown is 0.2 above eyes and ears, plus movement), 0.3 below (soles under the ankles).
    """
    trunk = person.trunk_px
    x0, y0, x1, y1 = person.box_px
    width, height = int(picture.width_px), int(picture.height_px)
    left = int((x0 - 0.4 * trunk) // _GRID_PX) * _GRID_PX
    top = int((y0 - 0.4 * trunk) // _GRID_PX) * _GRID_PX
    # counted from the right border, so that a mirrored picture gives the mirrored crop
    right = width - int((width - x1 - 0.4 * trunk) // _GRID_PX) * _GRID_PX
    bottom = height - int((height - y1 - 0.3 * trunk) // _GRID_PX) * _GRID_PX
    return max(0, left), max(0, top), min(width, right), min(height, bottom)


def _choose(people: Sequence[Detections], rower: int | None, posing: bool) -> Detections:
    if rower is None:
        chosen = nearest_seated(people) if posing else nearest_rower(people)
        if chosen is None:
            _refuse_still(people[0].person, f"Nobody {'sits' if posing else 'rows'} in the looked-at frames")
    else:
        if not 1 <= rower <= len(people):
            raise UsageError(
                f"There is no rower {rower}: found {len(people)}, numbered from 1, the nearest; choose one of them."
            )
        chosen = people[rower - 1]
        if not (chosen.person.facing if posing else chosen.person.rows):
            does_not = "sit" if posing else "row"
            _refuse_still(chosen.person, f"Person {rower} does not {does_not} in the looked-at frames")
    if chosen.person.on_dynamic_ergometer and not posing:
        raise NotMeasurableError(
            "This looks like a dynamic ergometer or slides: the seat stands still and the feet travel. RowSense "
            "measures ergometers whose foot plate stands still; film on one of those, or take yours off the slides. Is "
            "it an ordinary one? Somebody right behind the rower can look like this: film with nobody there."
        )
    return chosen


def _refuse_empty(picture: Picture) -> NoReturn:
    if picture.luma < DARK_LUMA:
        raise NotMeasurableError(
            f"The picture is too dark to find anybody (mean brightness {picture.luma:.0f} of 255): put more light on "
            "the rower, with the brightest lamp or window behind the camera."
        )
    raise NotMeasurableError(f"No person was found: {HOW_TO_FILM}.")


def _refuse_still(person: Person, what: str) -> NoReturn:
    if not person.facing or person.shoulder_width_ratio > MAX_SHOULDERS_RATIO:
        raise NotMeasurableError(
            f"{what} as seen from the side; the camera seems to look from the front: {HOW_TO_FILM}."
        )
    raise NotMeasurableError(
        f"{what}: hips travel {person.hip_travel_ratio:.1f} and hands {person.wrist_travel_ratio:.1f} trunk lengths "
        f"along the picture. Film at least a few whole strokes; {HOW_TO_FILM}."
    )


def _refuse_unmeasurable(chosen: Detections, picture: Picture) -> None:
    person = chosen.person
    if person.trunk_px < MIN_TRUNK_PX:
        raise NotMeasurableError(
            f"The rower is too small in the picture: her trunk is {person.trunk_px:.0f} pixels long, at least "
            f"{MIN_TRUNK_PX:.0f} are needed. Move the camera nearer, or film at a higher resolution."
        )
    if person.shoulder_width_ratio > MAX_SHOULDERS_RATIO:
        raise NotMeasurableError(f"The rower is not seen from the side, her shoulders are far apart: {HOW_TO_FILM}.")
    cut = _cut_off(chosen, picture, _NEEDED_JOINTS)
    if not cut and person.seen_ratio < MIN_SEEN_RATIO and _touches_side(person, picture):
        cut = ["back or arms, and she is lost"]
    if cut:
        raise NotMeasurableError(
            f"The rower is cut off, out of the picture at times: {', '.join(cut)}. Move the camera back until her "
            "whole body and the handle stay in the picture from catch to finish."
        )


def _warnings(people: Sequence[Detections], chosen: Detections, picture: Picture, rower: int | None) -> list[str]:
    person = chosen.person
    said = []
    if len(people) > 1 and rower is None:
        said.append(
            f"{len(people)} people were found; number {person.number} was measured (1 is the nearest). "
            "Choose another one with --rower."
        )
    if person.trunk_px < SMALL_TRUNK_PX:
        said.append(
            f"The rower is small in the picture (trunk {person.trunk_px:.0f} pixels), so the angles are less certain; "
            "move the camera nearer next time."
        )
    if person.shoulder_width_ratio > WARN_SHOULDERS_RATIO:
        said.append(
            "The camera does not look squarely from the side, so the angles are less certain; stand it square to the "
            "rail, level with the middle of the rail, next time."
        )
    cut = _cut_off(chosen, picture, _USEFUL_JOINTS)
    if cut:
        said.append(
            f"Out of the picture at times, and not measured there: {', '.join(cut)}. Move the camera back a little "
            "next time."
        )
    if picture.luma < DIM_LUMA:
        said.append("The picture is dark, so the outline is less certain; put more light on the rower next time.")
    if person.seen_ratio < MIN_SEEN_RATIO:
        said.append(
            f"The rower was found in only {person.seen_ratio:.0%} of the looked-at frames; the rest of the video may "
            "show something else, or something hides her."
        )
    return said


def _touches_side(person: Person, picture: Picture) -> bool:
    """Whether her box comes nearer to the left or right border than a back behind its joints is thick."""
    thick = 0.2 * person.trunk_px
    return person.box_px[0] < thick or person.box_px[2] > picture.width_px - thick


def _cut_off(chosen: Detections, picture: Picture, joints: Sequence[str]) -> list[str]:
    """Near-side joints that are out of the picture in too many frames."""
    found = []
    for joint in joints:
        xy = chosen.xy_px[:, LANDMARK_INDEX[f"{chosen.person.near_side}_{joint}"]]
        inside = (xy > 0).all(axis=1) & (xy[:, 0] < picture.width_px) & (xy[:, 1] < picture.height_px)
        if float(np.mean(~inside)) > MAX_CUT_RATIO:
            found.append({"ear": "head"}.get(joint, joint))
    return found
