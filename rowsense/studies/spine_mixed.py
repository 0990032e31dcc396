"""The clips that the spine network is fitted on, by number, and which of them are held back.

Of ten clips three are drawn with pelvis, low back and upper back apart from each other (``spine_clips``), three more
with variety on top (``spine_variety``), three row as rowers do (``spine_natural``), and one is plain: a network that
only knows poor pictures does not trust good ones. Few frames of each, and more clips for it in the same time.
"""

from __future__ import annotations

from typing import Final

from rowsense.simulate.clip_spec import ClipSpec
from rowsense.studies.spine_clips import TRAINING, drawn_clip, plain_clip, posing_clip
from rowsense.studies.spine_natural import natural_clip
from rowsense.studies.spine_variety import varied_clip, varied_plain_clip

#: Frames of a clip, and clips of which the rower also poses: a zero taken while posing must hold while rowing.
FRAMES: Final = 12
POSING_ONE_IN: Final = 6
#: Clips before this one are held back: nothing is fitted on them. By them recipes are chosen and sds stretched.
FIRST_FITTED: Final = 160
#: Kinds of ten clips in a row.
KINDS: Final = (
    "drawn", "varied", "natural", "drawn", "natural", "varied", "plain", "natural", "drawn", "varied",
)  # fmt: skip
#: Where the numbers of the bodies begin: earlier networks were fitted on those below.
_FIRST_BODY: Final = 100_000


def mixed_clip(number: int) -> tuple[ClipSpec, ...]:
    """The clip ``number``: somebody who rows, and of one in ``POSING_ONE_IN`` also how she poses."""
    body, kind = _FIRST_BODY + number, KINDS[number % len(KINDS)]
    if kind == "plain":
        plain = varied_plain_clip if number // len(KINDS) % 2 else plain_clip
        return (plain(body, FRAMES),)
    draw = {"drawn": drawn_clip, "varied": varied_clip, "natural": natural_clip}[kind]
    rowing = draw(TRAINING, body, FRAMES)
    return (rowing,) if number % POSING_ONE_IN else (rowing, posing_clip(rowing, body))
