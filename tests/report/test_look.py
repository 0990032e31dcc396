"""The look in one place: colours that everybody can read and tell apart, and no colour or size beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from rowsense import tokens
from rowsense.palette import FAULT, FIRST_SIDE, NOTE, QUANTITY, SECOND_SIDE
from rowsense.report.figures.theme import THEMES
from rowsense.tokens import SCHEMES, TOKENS, Rgb, colour

ROOT = Path(__file__).resolve().parents[2]
STYLES = ROOT / "dashboards" / "assets" / "styles"
SOURCES = [
    path
    for room in ("rowsense", "dashboards")
    for path in sorted((ROOT / room).rglob("*"))
    if path.suffix in {".py", ".js", ".css", ".html", ".j2"} and path.name != "1-tokens.css"
]
SHEETS = [path for path in SOURCES if path.suffix == ".css"]
#: What WCAG 2.2 asks of words and of what else carries meaning.
WORDS, GRAPHICS = 4.5, 3.0
#: CIE76 distance that is plain to see between thin lines; a just noticeable one is about 2.3 [D].
APART = 20.0
#: How colours look without one of the three kinds of cones, in linear light [R: Machado et al. 2009, severity 1].
WITHOUT = {
    "all": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}


def _linear(rgb: Rgb) -> np.ndarray:
    share = np.array(rgb) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def _contrast(a: Rgb, b: Rgb) -> float:
    low, high = sorted(float(_linear(rgb) @ [0.2126, 0.7152, 0.0722]) for rgb in (a, b))
    return (high + 0.05) / (low + 0.05)


def _lab(rgb: Rgb, cones: str) -> np.ndarray:
    seen = np.clip(WITHOUT[cones] @ _linear(rgb), 0.0, 1.0)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    share = to_xyz @ seen / [0.9505, 1.0, 1.089]
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_contrast_is_what_wcag_counts() -> None:
    assert _contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert _contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_can_be_read_in_every_scheme(scheme: str) -> None:
    def of(name: str) -> Rgb:
        return colour(scheme, name)

    for ink in ("ink", "soft", "brand", "fault-ink"):
        for ground in ("paper", "card", "tint", "fault-tint"):
            if (ink, ground) != ("soft", "fault-tint"):
                assert _contrast(of(ink), of(ground)) >= WORDS, (ink, ground)
    assert _contrast(of("card"), of("brand")) >= WORDS, "buttons"
    assert _contrast(colour("on-film", "white"), FAULT) >= WORDS
    for words in ("white", "faint"):
        assert _contrast(colour("on-film", words), colour("on-film", "black")) >= WORDS


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_carries_meaning_stands_out_in_every_scheme(scheme: str) -> None:
    drawn = {**QUANTITY, "fault": FAULT, "first": FIRST_SIDE, "second": SECOND_SIDE}
    drawn |= {name: colour(scheme, name) for name in ("edge", "bar", "soft")}
    for ground in ("paper", "card"):
        for name, rgb in drawn.items():
            assert _contrast(rgb, colour(scheme, ground)) >= GRAPHICS, (name, ground)
    assert _contrast(NOTE, colour("on-film", "black")) >= GRAPHICS, "its edge shows it on any picture"


@pytest.mark.parametrize("cones", WITHOUT)
def test_tilt_flexion_and_faults_are_told_apart_with_any_eyes(cones: str) -> None:
    shown = {name: QUANTITY[name] for name in ("pelvic_tilt_deg", "lumbar_flexion_deg")}
    shown |= {"fault": FAULT, "note": NOTE, "second": SECOND_SIDE}
    for (a, first), (b, second) in combinations(shown.items(), 2):
        assert np.linalg.norm(_lab(first, cones) - _lab(second, cones)) >= APART, (a, b)
    for name, rgb in QUANTITY.items():
        assert np.linalg.norm(_lab(rgb, cones) - _lab(FAULT, cones)) >= APART, f"a fault on the curve of {name}"
    ends = [tokens.rgb(TOKENS["posture"]["stops"][i]) for i in (0, -1)]
    assert np.linalg.norm(_lab(ends[0], cones) - _lab(ends[1], cones)) >= 2 * APART


def test_simulated_eyes_confuse_red_and_green() -> None:
    red, green = (200, 60, 60), (120, 120, 40)
    apart = [float(np.linalg.norm(_lab(red, cones) - _lab(green, cones))) for cones in ("all", "deuteranopia")]
    assert apart[0] > 60 and apart[1] < 25


def test_the_style_sheet_says_the_tokens() -> None:
    sheet = (STYLES / "1-tokens.css").read_text(encoding="utf-8")
    assert sheet == tokens.css_for_pages(), "run `python -m rowsense.tokens`"
    for scheme in SCHEMES:
        assert THEMES[scheme]["ink"] == TOKENS["schemes"][scheme]["ink"]


def _outside(pattern: str, sources: list[Path]) -> Iterator[str]:
    for path in sources:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if found := re.search(pattern, line):
                yield f"{path.relative_to(ROOT)}:{number}: {found.group(0)}"


def test_colours_stand_in_one_file() -> None:
    colours = r"""["'\s:(]#[0-9a-fA-F]{3}([0-9a-fA-F]{3}|[0-9a-fA-F]|[0-9a-fA-F]{5})?(?=["'\s;,)}])"""
    assert list(_outside(colours, SOURCES)) == []
    assert list(_outside(r"\b(rgba?|hsla?)\(\s*\d", SHEETS)) == []
    assert (
        list(
            _outside(r"(color|background|border|fill|stroke)[a-z-]*:[^;]*(?<!-)\b(white|black|red|gray|grey)\b", SHEETS)
        )
        == []
    )


def test_sizes_of_words_room_and_corners_stand_there_too() -> None:
    assert list(_outside(r"font-size: *(?!1rem)[\d.]+(px|rem)", SHEETS)) == []
    assert list(_outside(r"radius[a-z-]*:[^;]*\d+px", SHEETS)) == []
    assert list(_outside(r"(?:padding|margin|gap)[a-z-]*:[^;]*?(?<![\w.-])([4-9]|\d\d+)px", SHEETS)) == []


def test_every_property_that_is_asked_for_is_there() -> None:
    said = tokens.css_for_pages() + "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    known = set(re.findall(r"(--[\w-]+): ", said)) | set(re.findall(r'"(--[\w-]+)"', said))
    asked = {name for path in SHEETS for name in re.findall(r"var\((--[\w-]+)\)", path.read_text(encoding="utf-8"))}
    assert asked - known == set()


def test_no_sheet_is_long_and_no_line_is_wide() -> None:
    for path in SHEETS:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 250 and max(map(len, lines)) <= 120, path.name
