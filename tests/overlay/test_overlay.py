"""The overlay: what it marks, what it leaves alone, and that it works for both facings."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense import palette
from rowsense.conventions import PHASES
from rowsense.model import Frame, Session
from rowsense.overlay import Scene, draw_frame, fault_still, png_bytes, render_overlay
from rowsense.overlay.canvas import Canvas, canvas_for, text_size
from rowsense.overlay.hud import _panel_words, fault_name, titled
from rowsense.overlay.scene import drawn_in, words_of
from rowsense.texts.measures import phase_label, spoken
from tests.session_fixture import DRIVE_S, LEAD_IN_S, PERIOD_S, make_session, without_judgement

SIZE = (960, 540)


def picture(width: int = SIZE[0], height: int = SIZE[1]) -> NDArray[np.uint8]:
    """Noise, so that a changed pixel can hardly go unnoticed."""
    return np.random.default_rng(1).integers(60, 180, (height, width, 3), dtype=np.uint8)


def row_at(session: Session, time_s: float) -> int:
    return int(np.searchsorted(session.track.time_s, time_s))


@pytest.fixture(scope="module")
def session() -> Session:
    return make_session(3, size=SIZE)


@pytest.fixture(scope="module")
def clean_row(session: Session) -> int:
    """A frame that shows no fault: late in the drive of the second stroke."""
    return row_at(session, LEAD_IN_S + PERIOD_S + 0.9 * DRIVE_S)


@pytest.fixture(scope="module")
def faulty_row(session: Session) -> int:
    return row_at(session, LEAD_IN_S + PERIOD_S - 0.1)


def test_pixels_away_from_the_drawing_are_identical(session: Session, clean_row: int) -> None:
    before = picture()
    after = draw_frame(before, session, clean_row)
    changed = (before != after).any(axis=2)
    assert changed.any()
    assert changed.mean() < 0.15
    floor = slice(int(SIZE[1] * 0.82), None), slice(0, SIZE[0] // 3)
    assert not changed[floor].any(), "the floor behind the rower has nothing to show"


def test_the_given_picture_is_not_drawn_on(session: Session, faulty_row: int) -> None:
    before = picture()
    kept = before.copy()
    draw_frame(before, session, faulty_row)
    np.testing.assert_array_equal(before, kept)


def test_a_faulty_frame_has_a_border_and_another_has_none(session: Session, clean_row: int, faulty_row: int) -> None:
    faulty, clean = draw_frame(picture(), session, faulty_row), draw_frame(picture(), session, clean_row)
    edge = np.concatenate([faulty[0], faulty[-1], faulty[:, 0], faulty[:, -1]])
    assert (edge == palette.FAULT).all()
    assert not (clean == palette.FAULT).all(axis=2).any()


def test_the_back_line_takes_the_colour_of_the_tilt(session: Session, clean_row: int, faulty_row: int) -> None:
    scene = Scene.of(session)
    for row in (clean_row, faulty_row):
        tilt = float(session.angles["pelvic_tilt_deg"][row])
        position = palette.posture_position(tilt, scene.tilt_middle_deg, warm_is_positive=False)
        x, y = session.track.back_xy_px[row, 3].round().astype(int)
        drawn = draw_frame(picture(), session, row)[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3)
        wanted = np.array(palette.posture_colour(position))
        assert np.abs(drawn.astype(int) - wanted).sum(axis=1).min() <= 6


def test_facing_left_is_the_mirror_image_of_facing_right() -> None:
    right, left = make_session(1, size=SIZE), make_session(1, facing="left", size=SIZE)
    blank = np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)
    row = row_at(right, LEAD_IN_S + 0.5)
    changed_right = (draw_frame(blank, right, row) != 128).any(axis=2)
    changed_left = (draw_frame(blank, left, row) != 128).any(axis=2)[:, ::-1]
    body = slice(int(SIZE[1] * 0.2), int(SIZE[1] * 0.75))
    both = (changed_right & changed_left)[body].sum() / (changed_right | changed_left)[body].sum()
    assert both > 0.8


def test_nothing_is_drawn_on_the_body_where_nothing_was_found(session: Session) -> None:
    lost = np.full_like(session.track.xy_px, np.nan), np.full_like(session.track.back_xy_px, np.nan)
    track = type(session.track)(
        session.track.frame, session.track.time_s, lost[0], session.track.visibility, lost[1],
        session.track.back_seen, session.track.inferred,
    )  # fmt: skip
    gone = type(session)(
        **{n: getattr(without_judgement(session), n) for n in session.__slots__ if n != "track"}, track=track
    )
    before = picture()
    after = draw_frame(before, gone, 40)
    middle = slice(SIZE[1] // 4, int(SIZE[1] * 0.8))
    np.testing.assert_array_equal(before[middle, : SIZE[0] // 2], after[middle, : SIZE[0] // 2])


def test_a_shrunk_picture_is_drawn_at_its_own_scale(session: Session, clean_row: int) -> None:
    small = draw_frame(picture(480, 270), session, clean_row, source_px_per_px=2.0)
    x, y = (session.track.back_xy_px[clean_row, 3] / 2).round().astype(int)
    assert (small[y, x] != picture(480, 270)[y, x]).any()
    assert small.shape == (270, 480, 3)


class Sink:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.got: list[tuple[NDArray[np.uint8], float]] = []

    def write(self, image: NDArray[np.uint8], time_s: float) -> None:
        self.got.append((image, time_s))


def test_render_writes_every_frame_once_in_order_and_passes_strangers_through(session: Session) -> None:
    base = picture()
    numbers = [3, 4, 100_000]
    sink = Sink()
    seen = list(render_overlay(session, (Frame(n, n / 30, base) for n in numbers), sink))
    assert seen == numbers
    assert [t for _, t in sink.got] == [n / 30 for n in numbers]
    assert (sink.got[0][0] != base).any()
    np.testing.assert_array_equal(sink.got[2][0], base)


def test_a_still_shows_the_rower_under_a_title_strip(session: Session) -> None:
    fault = session.assessment.faults[0]
    still = fault_still(session, fault, picture())
    assert still.shape[1] == 1120
    assert (still[5, 5] == palette.FAULT).all()
    assert (still[5, 60] == palette.INK).all()
    assert png_bytes(still).startswith(b"\x89PNG")


def test_a_still_of_an_unknown_frame_is_refused(session: Session) -> None:
    import dataclasses

    fault = dataclasses.replace(session.assessment.faults[0], worst_frame=99_999)
    with pytest.raises(ValueError, match="99999"):
        fault_still(session, fault, picture())


def test_the_scale_is_warm_for_tipped_back_and_for_round() -> None:
    assert palette.posture_position(-20, -8, warm_is_positive=False) == 1.0
    assert palette.posture_position(20, 8, warm_is_positive=True) == 1.0
    assert palette.posture_position(2, 8, warm_is_positive=True) == pytest.approx(-0.5)
    red, _, blue = palette.posture_colour(1.0)
    assert red > blue
    assert palette.posture_colour(float("nan")) == palette.UNSEEN


def test_labels_keep_their_place_from_frame_to_frame(session: Session) -> None:
    scene, moves = Scene.of(session), 0
    kept: dict[str, int] = {}
    first = row_at(session, LEAD_IN_S)
    for row in range(first, first + 60):
        before = dict(kept)
        draw_frame(picture(), scene, row, 1.0, kept)
        moves += sum(kept[key] != place for key, place in before.items())
    assert {"pelvic_tilt_deg", "lumbar_flexion_deg", "knee"} <= set(kept)
    assert moves <= 6


def shares(language: str) -> dict[str, float]:
    """What is drawn at most, as a share of the room there is for it: on 480 lines, the key, and a still's strip.

    The strip writes smaller what does not fit, so it may ask for a fifth more.
    """
    t = spoken(language)
    small = canvas_for(np.zeros((480, 640, 3), np.uint8))
    width, margins = small.image.shape[1], small.px(2 * 28 + 2 * 20)
    told = {"number": 1888, "count": 1888, "rate": t.number(38.8, 1)}
    panel = [(t("overlay.unused", **told), 25, 450), (t("overlay.between"), 40, 650)]
    panel += [(titled(phase_label(t, phase)), 40, 650) for phase in PHASES]
    names = [message.form(language) for _, message in t.catalogue.within("faults")]
    key = [text_size(small, t(f"overlay.key.{name}"), 21)[0] for name in ("forward", "middle", "back")]
    strip = Canvas(np.zeros((143, 1120, 3), np.uint8), 1.12, (0, 0, 1120, 143))
    numbers = t("overlay.measured", measured=f"{t.number(-38)}°", limit=f"{t.number(-18)}°")
    when = max(
        text_size(strip, t("overlay.at", number=1888, phase=phase_label(t, phase), time=t.number(3598.88, 2)), 26)[0]
        for phase in PHASES
    )
    return {
        "panel": max(text_size(small, *one)[0] for one in panel) / (width - margins),
        "tag": max(text_size(small, name, 34, 650)[0] for name in names) / (width - margins),
        "key": (2 * max(key[0], key[2]) + key[1]) / small.px(570),
        "title": max(text_size(strip, name, 44, 650)[0] for name in names) / (1.2 * (1120 - strip.px(34 + 28))),
        "strip": (text_size(strip, numbers, 30)[0] + when) / (1.2 * (1120 - strip.px(34 + 28 + 20))),
    }


@pytest.mark.parametrize("language", ["en", "de"])
def test_all_words_fit_into_the_picture_at_480_lines(language: str) -> None:
    assert {name: share for name, share in shares(language).items() if share > 1.0} == {}


def test_pictures_speak_the_language_that_the_session_keeps(session: Session, faulty_row: int) -> None:
    german, said = drawn_in(session, "de"), []
    assert words_of(drawn_in(german, "")).language == words_of(session).language == "en"
    assert words_of(drawn_in(session, "xx")).language == "en"
    scene, outside = Scene.of(german), 0
    assert _panel_words(scene, outside, None) == ("Zwischen den Schlägen", "kein Teil eines ganzen Schlags")
    assert _panel_words(scene, faulty_row, scene.stroke_at(faulty_row))[1].startswith("Schlag 1 von 3  ·  25,0 pro Min")
    for shown in (session, german):
        fault = shown.assessment.faults[0]
        said.append((fault_still(shown, fault, picture()), draw_frame(picture(), shown, faulty_row)))
    assert all((first != second).any() for first, second in zip(*said, strict=True))
    assert fault_name(scene.t, session.assessment.faults[0]) == "Becken kippt nach hinten"
