"""The clips of ``spine_varied``: rowers without and with variety, none of whom the networks in use were fitted on."""

from __future__ import annotations

from typing import Final

from rowsense.simulate.clip_spec import ClipSpec
from rowsense.studies.spine_clips import TRAINING, drawn_clip, plain_clip, posing_clip
from rowsense.studies.spine_fit import HELD_BACK as HELD_BACK_THERE
from rowsense.studies.spine_fit import PLAIN_ONE_IN, POSING_ONE_IN
from rowsense.studies.spine_fit import TRAINING_CLIPS as CLIPS_THERE
from rowsense.studies.spine_variety import varied_clip, varied_plain_clip

#: Frames of a clip: fewer than ``spine_fit`` has, and more clips for it in the same time.
FRAMES: Final = 20
FRAMES_HELD_BACK: Final = 30
#: Numbers. The first ones were held back in ``spine_fit`` as well, then there are some with variety; on neither is
#: anything fitted: by them recipes are chosen and sds stretched. Of the others half are with variety, four by four.
FIRST: Final = CLIPS_THERE - HELD_BACK_THERE
FIRST_VARIED: Final = CLIPS_THERE
FIRST_FITTED: Final = CLIPS_THERE + 60


def mixed_clip(number: int) -> tuple[ClipSpec, ...]:
    """The clip ``number``: somebody who rows, and of one in ``POSING_ONE_IN`` also how she poses."""
    fitted = number >= FIRST_FITTED
    varied = (number // PLAIN_ONE_IN) % 2 == 1 if fitted else number >= FIRST_VARIED
    frames = FRAMES if fitted else FRAMES_HELD_BACK
    group, place = divmod(number, PLAIN_ONE_IN)
    if place == PLAIN_ONE_IN - 1:
        return (varied_plain_clip(group, frames) if varied else plain_clip(group, frames),)
    drawn = (PLAIN_ONE_IN - 1) * group + place
    rowing = varied_clip(TRAINING, drawn, frames) if varied else drawn_clip(TRAINING, drawn, frames)
    return (rowing,) if number % POSING_ONE_IN else (rowing, posing_clip(rowing, number))
