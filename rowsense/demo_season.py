"""A season of rowers who are made up: what each stroke of each session measured, with changes that are known.

No video stands behind it. The numbers move as those of real rowers may: every rower has her own hips, back and legs,
every session its own camera and shirt, every stroke its own scatter. Some get better over the season, some worse, most
neither.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rowsense import __version__
from rowsense.conventions import PHASES, SCHEMA_VERSION

FloatArray = NDArray[np.float64]

#: The faults of the catalogue that these strokes can show.
DEMO_FAULTS: Final = ("hips_tip_back", "knees_too_high", "excess_layback")
#: Kind of piece, strokes a minute, share of the sessions.
_KINDS: Final = (("steady", 20.0, 0.55), ("intervals", 28.0, 0.25), ("technique", 18.0, 0.15), ("test", 32.0, 0.05))
#: Standard deviations of an angle: from session to session (camera, shirt), and from stroke to stroke. [D] The first is
#: what a detectable change of 6 deg between two sessions stands for.
_SESSION_SD_DEG: Final = 2.2
_STROKE_SD_DEG: Final = 1.5
#: How much the fall of the pelvis into the catch changes over the season, by turns. [D] Clearly better, clearly worse,
#: and four times not at all.
_CHANGES_DEG: Final = (-12.0, 0.0, 0.0, 12.0, 0.0, 0.0)
#: When the last weeks begin, days before the last day; and since when who is away was not filmed.
_LAST_DAYS: Final = 24
_AWAY_DAYS: Final = 40
_FIRST_NAMES: Final = (
    "Ada", "Bea", "Cleo", "Dana", "Elif", "Fenja", "Greta", "Hana", "Ines", "Jana", "Kaja", "Lena", "Mira", "Nora",
    "Olga", "Pia", "Runa", "Sana", "Tove", "Una", "Vera", "Wanda", "Yara", "Zoe",
)  # fmt: skip
_LAST_NAMES: Final = ("Ahorn", "Birke", "Erle", "Fichte", "Linde", "Ulme", "Weide")


@dataclass(frozen=True, slots=True)
class SeasonPlan:
    """How large it is."""

    athletes: int = 24
    squads: int = 3
    weeks: int = 26
    sessions_a_week: int = 3
    strokes: int = 60
    """In each session."""
    last_day: date = date(2026, 6, 28)
    seed: int = 1
    stories: bool = False
    """Whether something happens to some of the rowers in the last weeks, so that there is something to see."""


@dataclass(frozen=True, slots=True)
class Story:
    """What is different in the last weeks of a rower's season."""

    fall_deg: float = 0.0
    shin_deg: float = 0.0
    scatter_ratio: float = 1.0
    """Of what differs from stroke to stroke."""
    filmed: bool = True
    foot_height_hole: int | None = None
    """Where the feet stand; before, they stood two holes higher."""


@dataclass(frozen=True, slots=True)
class DemoRower:
    """One rower; angles in degrees."""

    id: uuid.UUID
    name: str
    birth_year: int
    """Of age in any season."""
    squad: int
    seed: int
    fall_deg: float
    """Of the pelvis into the catch, when the season begins."""
    change_deg: float
    """How much more it is when the season ends."""
    tilt_deg: float
    shin_deg: float
    lean_deg: float
    story: Story | None = None


@dataclass(frozen=True, slots=True)
class DemoSession:
    """One session of hers."""

    rowed_on: date
    piece_kind: str
    distance_m: float
    foot_height_hole: int | None
    summary: dict[str, Any]
    """As much of ``summary.json`` as a store reads."""
    strokes: dict[str, NDArray[Any]]
    """As ``strokes.parquet``."""


#: Hips that slip back, knees too high, hips that are held at last, a rower who is away, strokes that come apart.
_STORIES: Final = (
    Story(fall_deg=10.0), Story(shin_deg=-14.0), None, Story(fall_deg=-9.0, foot_height_hole=2), Story(filmed=False),
    None, Story(scatter_ratio=2.4),
)  # fmt: skip


def demo_rowers(plan: SeasonPlan) -> tuple[DemoRower, ...]:
    """Always the same for the same plan; each squad has rowers of every kind."""
    rng = np.random.default_rng(plan.seed)
    return tuple(_rower(plan, number, rng) for number in range(plan.athletes))


def demo_sessions(plan: SeasonPlan, rower: DemoRower) -> Iterator[DemoSession]:
    """A rower's season, day by day."""
    rng = np.random.default_rng(rower.seed)
    count = plan.weeks * plan.sessions_a_week
    days = (plan.weeks * 7 * (np.arange(count) + 0.5) / count).astype(int)
    first = plan.last_day - timedelta(days=plan.weeks * 7 - 1)
    away = rower.story is not None and not rower.story.filmed
    for number, day in enumerate(days):
        when = first + timedelta(days=int(day))
        if away and when > plan.last_day - timedelta(days=_AWAY_DAYS):
            return
        yield _session(plan, rower, when, number / max(count - 1, 1), rng)


def _rower(plan: SeasonPlan, number: int, rng: np.random.Generator) -> DemoRower:
    turn, first = divmod(number, len(_FIRST_NAMES))
    story = _STORIES[number] if plan.stories and number < len(_STORIES) else None
    change_deg = 0.0 if story else _CHANGES_DEG[(number // plan.squads) % len(_CHANGES_DEG)]
    return DemoRower(
        id=uuid.UUID(bytes=rng.bytes(16), version=4),
        name=f"{_FIRST_NAMES[first]} {_LAST_NAMES[(number + turn) % len(_LAST_NAMES)]}",
        birth_year=1990 + number % 14,
        squad=number % plan.squads,
        seed=int(rng.integers(2**31)),
        fall_deg=float(rng.normal(6.0, 1.5)) + max(-change_deg, 0.0) - min(story.fall_deg if story else 0.0, 0.0),
        change_deg=change_deg,
        tilt_deg=float(rng.normal(-8.0, 3.0)),
        shin_deg=float(rng.normal(86.0, 4.0)),
        lean_deg=float(rng.normal(-27.0, 2.5)),
        story=story,
    )


def _session(plan: SeasonPlan, rower: DemoRower, day: date, share: float, rng: np.random.Generator) -> DemoSession:
    kind, rate_spm, _ = _KINDS[rng.choice(len(_KINDS), p=[weight for *_, weight in _KINDS])]
    last = day > plan.last_day - timedelta(days=_LAST_DAYS)
    strokes = _strokes(plan.strokes, rower, (rower.story if last else None) or Story(), share, rate_spm, rng)
    shown = {
        "hips_tip_back": strokes["pelvic_tilt_fall_into_catch_deg"] >= 8.0,
        "knees_too_high": strokes["shin_deg_catch"] < 78.0,
        "excess_layback": strokes["trunk_lean_deg_finish"] < -30.0,
    }
    feet = rower.story.foot_height_hole if rower.story else None
    hole = feet if feet is None or last else feet + 2
    return DemoSession(day, kind, round(plan.strokes * 9.0), hole, _summary(strokes, shown, rng), strokes)


def _strokes(
    count: int, rower: DemoRower, story: Story, share: float, rate_spm: float, rng: np.random.Generator
) -> dict[str, NDArray[Any]]:
    """(S,) columns; ``share`` of the season that is over, 0..1."""

    def angle(level_deg: float) -> FloatArray:
        wide_deg = story.scatter_ratio * _STROKE_SD_DEG
        return level_deg + rng.normal(0.0, _SESSION_SD_DEG) + rng.normal(0.0, wide_deg, count)

    rate = rate_spm + rng.normal(0.0, 0.5) + rng.normal(0.0, 0.4, count)
    period_s = 60.0 / rate
    # BioRow: the drive takes 0.91 s at 36 a minute, and 15 ms longer for each fewer [R].
    drive_s = 0.91 + 0.015 * (36.0 - rate) + rng.normal(0.0, 0.015 * story.scatter_ratio, count)
    catch_s = np.concatenate(([0.0], np.cumsum(period_s)[:-1]))
    fall = angle(rower.fall_deg + story.fall_deg + rower.change_deg * share)
    columns: dict[str, NDArray[Any]] = {
        "stroke": np.arange(count),
        "catch_frame": np.round(catch_s * 30.0).astype(np.int64),
        "catch_time_s": catch_s,
        "rate_spm": rate,
        "drive_s": drive_s,
        "recovery_s": period_s - drive_s,
        "usable": np.ones(count, dtype=bool),
        "pelvic_tilt_deg_catch": angle(rower.tilt_deg) - 0.5 * fall,
        "lumbar_flexion_deg_catch": angle(24.0) + fall,
        "trunk_lean_deg_catch": angle(28.0),
        "trunk_lean_deg_finish": angle(rower.lean_deg),
        "shin_deg_catch": angle(rower.shin_deg + story.shin_deg),
        "pelvic_tilt_fall_into_catch_deg": fall,
        "lumbar_rise_into_catch_deg": 0.8 * fall + rng.normal(0.0, 1.0, count),
        "pelvis_gives_way_s": np.maximum(0.02 * fall + rng.normal(0.0, 0.03, count), 0.0),
    }
    phases = {f"score_{p}": np.clip(95.0 - 3.0 * np.maximum(fall - 2.0 * i, 0.0), 0, 100) for i, p in enumerate(PHASES)}
    return {**columns, **phases, "score": np.mean(list(phases.values()), axis=0)}


def _summary(
    strokes: dict[str, NDArray[Any]], shown: dict[str, NDArray[np.bool_]], rng: np.random.Generator
) -> dict[str, Any]:
    count = len(strokes["stroke"])
    return {
        "schema_version": SCHEMA_VERSION,
        "rowsense_version": __version__,
        "video": {
            "path": "made up.mp4", "sha256": rng.bytes(32).hex(), "codec": "h264", "fps": 30.0,
            "duration_s": math.ceil(float(strokes["catch_time_s"][-1]) + 3.0), "size": [1280, 720],
        },
        "stroke_count": count,
        "usable_stroke_count": count,
        **{name: float(np.median(strokes[name])) for name in ("rate_spm", "drive_s", "recovery_s")},
        "style": "",
        "level": "",
        "score": float(np.mean(strokes["score"])),
        "spine_reference": {"kind": "recording"},
        # A fault needs half of the strokes, as in the catalogue.
        "faults": [
            {"id": fault, "strokes": np.flatnonzero(there).tolist()}
            for fault, there in shown.items()
            if there.mean() >= 0.5
        ],
        "quality": {"not_judged": {}},
        "made_up": True,
    }  # fmt: skip
