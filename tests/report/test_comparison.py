"""What a comparison says and draws, on a rower whose hips tip further back over the piece."""

from __future__ import annotations

import io
import math
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rowsense.assess.comparison import compare_sides
from rowsense.assess.postures import mean_postures
from rowsense.model import Comparison, Posture, Side
from rowsense.pose.side_view import to_side_view
from rowsense.report.comparison_card import comparison_card, shown_panels
from rowsense.report.comparison_html import comparison_html
from rowsense.report.comparison_view import ComparisonView, comparison_view
from rowsense.report.comparison_words import headline, lines, signed, verdict
from rowsense.report.figures.comparison import comparison_figure
from rowsense.report.ghosts import bounds, ghost_of
from rowsense.report.sheet import MAX_BYTES
from tests.assess.forbidden import forbidden_in
from tests.comparison_cases import side
from tests.report.browser import needs_browser, shown_on_a_phone
from tests.report.drawing import in_plotly
from tests.report.judged import long_session

STROKES = 40


@cache
def drifting() -> Comparison:
    """Strokes 1–10 against 31–40 of a piece in which the hips tip back by 12°."""
    session = long_session(-12.0, STROKES)
    first = Side("strokes 1–3, 5–10", (0, 1, 2, 4, 5, 6, 7, 8, 9))
    return compare_sides(session, session, (first, side(30, 40)), one_session=True)


@cache
def view_of(two: bool = False) -> ComparisonView:
    session = long_session(-12.0, STROKES)
    body = to_side_view(session.track, session.facing, session.near_side, session.camera.roll_deg)
    compared = drifting()
    if two:
        compared = compare_sides(session, session, (compared.first, compared.second), one_session=False)
    postures = [
        mean_postures(body, [session.strokes.strokes[i] for i in s.strokes]) for s in (compared.first, compared.second)
    ]
    return comparison_view(compared, session, session, tuple(zip(*postures, strict=True)))


def test_the_sentence_has_all_of_it() -> None:
    title, said = headline(drifting())
    assert re.fullmatch(r"Hips \d+\.\d° further back .+", title)
    expected = (
        r".+ your hips were \d+\.\d° further back in strokes 31–40 than in strokes 1–3, 5–10: "
        r"a clear change \(it takes \d+\.\d°\)\."
    )
    assert re.fullmatch(expected, said)
    assert lines(drifting())[0].startswith(said)
    assert lines(drifting())[-1].startswith("No clear change: ")
    assert "low-back rounding" in lines(drifting())[-1]


def test_other_phases_are_said_shortly() -> None:
    hips = [one for one in drifting().phases if one.quantity == "pelvic_tilt_deg"]
    assert all(one.clear for one in hips)
    sizes = sorted(abs(one.difference) for one in hips)
    assert f"So it was throughout the stroke ({sizes[0]:.1f} to {sizes[-1]:.1f}°)." in lines(drifting())[0]
    finish, slide = (next(one for one in hips if one.phase == phase) for phase in ("finish", "slide"))
    some = [
        slide, replace(finish, first=-99.0), *(replace(o, clear=False) for o in hips if o not in (finish, slide))
    ]  # fmt: skip
    said = lines(replace(drifting(), phases=tuple(some)))[0]
    assert re.search(
        r"At the finish .+ further forward .+\. Also on the slide forward \(\d+\.\d° further back\)\.$", said
    )


def test_the_numbers_of_the_sentence_are_those_of_the_comparison() -> None:
    _, said = headline(drifting())
    clear = [one for one in drifting().phases if one.clear and one.quantity == "pelvic_tilt_deg"]
    main = max(clear, key=lambda one: abs(one.difference) / one.detectable_change)
    assert f"{abs(main.difference):.1f}°" in said
    assert f"(it takes {main.detectable_change:.1f}°)" in said


def test_nothing_clear_is_said_as_such() -> None:
    calm = replace(
        drifting(), phases=tuple(replace(c, clear=False) for c in drifting().phases),
        times=tuple(replace(c, clear=False) for c in drifting().times),
    )  # fmt: skip
    assert headline(calm)[0] == "No clear change"
    assert lines(calm) == ()
    blind = replace(calm, phases=tuple(replace(c, probability=math.nan) for c in calm.phases))
    assert headline(blind)[0] == "Nothing could be compared"


def test_verdicts() -> None:
    one = next(one for one in drifting().phases if one.clear)
    assert verdict(one) == "clear change"
    assert verdict(replace(one, clear=False)) == "may be chance"
    assert verdict(replace(one, clear=False, detectable_change=99.0)) == "no clear change"
    assert verdict(replace(one, clear=False, probability=math.nan)) == "not judged"
    assert verdict(replace(one, clear=False, first=math.nan)) == "not measured"
    assert (signed(0.04, "deg"), signed(-3.0, "deg"), signed(3.0, "s")) == ("0.0°", "−3.0°", "+3.000 s")


def test_two_sessions_are_measured_from_their_own_mean() -> None:
    view = view_of(two=True)
    assert view.own_mean
    hips = next(panel for panel in view.panels if panel.quantity == "pelvic_tilt_deg")
    assert hips.meaning.endswith("0 = own mean over the stroke")
    assert abs(float(np.mean(hips.first.mean))) < 4.0
    assert "nothing ties the two together" in view.notes[0]


def test_curves_share_one_axis_and_carry_their_numbers() -> None:
    for panel in view_of().panels:
        assert panel.first.finish_percent == panel.second.finish_percent
        np.testing.assert_allclose(panel.difference, panel.second.mean - panel.first.mean)
        assert len(panel.rows) == 11
        assert len(panel.cells) == 8
    hips = view_of().panels[0]
    assert hips.quantity == "pelvic_tilt_deg"
    assert np.nanmedian(hips.difference) == pytest.approx(-9.0, abs=1.5), (
        "12° over the piece, three quarters of it apart"
    )
    band = next(trace for trace in in_plotly(comparison_figure(hips)).data if trace.name == "no clear change")
    assert max(band.y) - max(hips.first.mean) == pytest.approx(hips.detectable_deg, abs=0.02)


def test_the_page_says_everything_as_text() -> None:
    page = comparison_html(view_of())
    for words in (view_of().title, view_of().sentence, "Second minus first", "Rate and rhythm", "it takes"):
        assert words in page
    assert page.count("<svg ") == 4
    assert page.count('class="strip"') == page.count("The curves as a table") == len(view_of().panels) == 6
    without_library = re.sub(r'<script type="text/plain".*?</script>', "", page, flags=re.DOTALL)
    assert not re.search(r"(src|href)=.?http|url\(|@import", without_library)


def test_no_cause_no_norm_no_danger() -> None:
    view, two = view_of(), view_of(two=True)
    assert not forbidden_in([view.title, view.sentence, *view.lines, *two.lines, *two.notes, two.lead])


def test_the_card_is_small_and_shows_what_is_clear() -> None:
    data = comparison_card(view_of())
    assert len(data) < MAX_BYTES
    picture = Image.open(io.BytesIO(data))
    assert picture.size == (1080, 1350)
    assert [panel.quantity for panel in shown_panels(view_of())] == ["pelvic_tilt_deg", "lumbar_flexion_deg"]


def test_a_body_that_was_not_seen_is_not_drawn() -> None:
    seen = view_of().postures[0][0]
    nothing = Posture("catch", {n: np.full(2, np.nan) for n in seen.joints}, np.full_like(seen.back_xy, np.nan))
    ghost = ghost_of(nothing)
    assert not ghost.limbs
    assert not ghost.backs
    assert len(ghost.trunk) == 0
    assert bounds([ghost]) == (-1.0, -1.0, 1.0, 1.0)
    half = seen.back_xy.copy()
    half[20:30] = np.nan
    assert [len(b) for b in ghost_of(replace(seen, back_xy=half)).backs] == [20, 34]
    unseen = replace(view_of(), postures=((nothing, nothing),))
    assert "<svg" in comparison_html(unseen)
    assert len(comparison_card(unseen)) > 1000


@needs_browser
def test_the_page_draws_without_a_network_on_a_phone(tmp_path: Path) -> None:
    assert shown_on_a_phone(tmp_path / "compare.html", comparison_html(view_of(two=True))).drawn == 6
