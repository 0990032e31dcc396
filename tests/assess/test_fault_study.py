"""The study of the faults: clips that are drawn alike every time, dials that make their fault, tables that count."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.judge import assess, catalogue_for
from rowsense.conventions import SPINE_ANGLE_NAMES
from rowsense.model import PoseTrack, VideoInfo
from rowsense.recording import Recording
from rowsense.settings import AssessSettings
from rowsense.simulate.motion import FaultDials, MotionSpec, SpineSpec, landmark_track, simulate_motion
from rowsense.simulate.posing import PosingSpec
from rowsense.simulate.skeleton import Skeleton
from rowsense.studies.array_file import write_arrays
from rowsense.studies.fault_causes import (
    FOUND,
    NOT_JUDGED,
    UNSURE,
    WITHIN,
    cause_table,
    error_table,
    miss_table,
    read_all,
)
from rowsense.studies.fault_clips import CLEAN, FAULTS, GRID, GRID_ALONE, fault_clip, scene, wanted_faults
from rowsense.studies.fault_dials import DIALS, EXCLUDED, turned, with_faults
from rowsense.studies.fault_seen import SeenRowing, collected, read_clip, refused, seen_file, true_file
from rowsense.studies.fault_test import (
    CLEAR,
    CLIPS,
    FRESH,
    Counted,
    Outcome,
    group_table,
    judge_all,
    main_table,
    outcome,
    page,
    severity_table,
    tables,
)
from rowsense.studies.fault_truth import TrueRowing
from rowsense.studies.figures import share, wilson
from rowsense.studies.repeating import repeating
from rowsense.studies.repeating import table as repeating_table
from rowsense.studies.spine_clips import NEGATIVE, TEST, TRAINING, drawn_clip

CATALOGUE = catalogue_for(AssessSettings())
UNSEEN = {fault.id for fault in CATALOGUE.faults if fault.unseen}
POSING = PosingSpec()
STILL = SpineSpec(
    lumbar_catch_deg=17.0, tilt_wander_sd_deg=0.0, lumbar_wander_sd_deg=0.0, ripple_sd_deg=0.0, neck_wander_sd_deg=0.0
)
#: Somebody without a fault, for three or four strokes.
WELL = MotionSpec(duration_s=12.0, arms_start=0.56, fps=25.0, spine=STILL)


def truth_of(motion: MotionSpec) -> TrueRowing:
    return TrueRowing.of(simulate_motion(motion, Skeleton()), POSING)


def severities(motion: MotionSpec) -> dict[str, float]:
    return truth_of(motion).severities(CATALOGUE)


def found(motion: MotionSpec) -> set[str]:
    truth = truth_of(motion)
    frames = np.arange(len(truth.time_s))
    result = assess(truth.series(), truth.strokes(), frames, AssessSettings(), truth.reference())
    return {fault.id for fault in result.faults}


def test_every_fault_has_a_dial_but_the_one_that_takes_a_whole_piece() -> None:
    assert set(DIALS) == {fault.id for fault in load_catalogue().faults} - {"pulls_harder"}
    assert all(pair <= set(DIALS) for pair in EXCLUDED)


def test_without_any_dial_there_is_no_fault() -> None:
    assert np.nanmax(list(severities(WELL).values())) <= CLEAN
    assert found(WELL) == set()


@pytest.mark.parametrize("fault", DIALS)
def test_a_dial_makes_its_fault_and_less_of_it_does_not(fault: str) -> None:
    clear, slight = (with_faults(WELL, {fault: level}, severities) for level in (2.2, 0.5))
    assert severities(clear)[fault] == pytest.approx(2.2, abs=0.2)
    assert (fault in found(clear)) == (fault not in UNSEEN)
    assert severities(slight)[fault] == pytest.approx(0.5, abs=0.25)
    assert fault not in found(slight)
    others = {name for name, level in severities(clear).items() if level > 1.0} - {fault}
    # Shoulders that go forward take the trunk's line with them, and a back at the end of what it can bend gives in the
    # trunk's line.
    by_the_way = {
        "shoulders_pulled_forward": {"hips_tip_back", "late_lunge"},
        "shoots_the_slide": {"slump_under_load"},
        "sits_on_back_of_bones": {"opens_early"},
    }
    assert others <= by_the_way.get(fault, set())


def test_severity_counts_in_limits_from_a_rower_without_the_fault() -> None:
    truth = truth_of(replace(WELL, faults=FaultDials(excess_layback_deg=14.0), amplitude_sd_deg=0.0))
    near = np.abs(truth.time_s[:, None] - truth.marks_s[:, 1]) < 0.05
    lean_deg = np.median([truth.angles[rows, 0].mean() for rows in near.T])
    assert lean_deg < -26.0
    # The score is full at -25 deg, and the limit is -30.
    assert truth.severities(CATALOGUE)["excess_layback"] == pytest.approx((lean_deg + 25.0) / -5.0, abs=0.1)


def test_three_faults_are_set_together() -> None:
    wanted = {"early_arm_bend": 1.5, "excess_layback": 2.3, "head_drops": 1.0}
    reached = severities(with_faults(WELL, wanted, severities))
    assert {fault: reached[fault] for fault in wanted} == pytest.approx(wanted, abs=0.3)
    assert turned(WELL, {}) == WELL


def test_faults_go_round_so_that_any_part_is_balanced() -> None:
    drawn = [wanted_faults(number) for number in range(CLIPS)]
    assert Counter(map(len, drawn)) == {0: CLIPS // 5, 1: CLIPS * 2 // 5, 3: CLIPS * 2 // 5}
    assert {level for one in drawn for level in one.values()} == {*GRID, *GRID_ALONE}
    assert not any(pair <= set(one) for one in drawn for pair in EXCLUDED)
    for count, part in ((30, drawn), (6, drawn[: CLIPS // 4])):
        clear = Counter(fault for one in part for fault, level in one.items() if level >= CLEAR)
        assert min(clear[fault] for fault in DIALS) >= count
    alone = Counter(chain.from_iterable(one for one in drawn if len(one) == 1))
    assert max(alone.values()) - min(alone.values()) <= 1


def test_clips_are_drawn_by_number_alone_and_nobody_was_seen_before() -> None:
    scenes = [scene(number) for number in range(40)]
    assert scenes == [scene(number) for number in range(40)]
    assert {one.camera.facing for one in scenes} == {"left", "right"}
    others = {drawn_clip(stream, number, 1).body for stream in (TRAINING, TEST, NEGATIVE) for number in range(200)}
    assert not {one.body for one in scenes} & others
    assert FAULTS not in (TRAINING, TEST, NEGATIVE)


def test_a_drawn_clip_has_its_faults_and_a_clean_one_none() -> None:
    clip = fault_clip(5, Skeleton(), CATALOGUE)
    truth = TrueRowing.of(simulate_motion(clip.rowing.motion, Skeleton()), clip.posing)
    assert (clip.wanted, wanted_faults(5)) == ({}, {})
    assert len(truth.marks_s) == 6
    assert np.nanmax(list(truth.severities(CATALOGUE).values())) <= CLEAN
    number = next(n for n in range(40) if wanted_faults(n) == {"early_arm_bend": 3.0})
    armed = fault_clip(number, Skeleton(), CATALOGUE)
    assert armed == fault_clip(number, Skeleton(), CATALOGUE)
    truth = TrueRowing.of(simulate_motion(armed.rowing.motion, Skeleton()), armed.posing)
    assert truth.severities(CATALOGUE)["early_arm_bend"] == pytest.approx(3.0, abs=0.2)
    assert armed.posed.body == armed.rowing.body


def seen_without_pictures(motion: MotionSpec) -> SeenRowing:
    """What a perfect pose model and a spine estimate without error would leave, with nothing of head and neck."""
    done = simulate_motion(motion, Skeleton())
    count = len(done.time_s)
    track = PoseTrack(
        frame=np.arange(count),
        time_s=done.time_s,
        xy_px=landmark_track(done),
        visibility=np.ones((count, 33)),
        back_xy_px=np.full((count, 64, 2), np.nan),
        back_seen=np.zeros((count, 64)),
        inferred=np.ones(count, dtype=bool),
        spine_deg=np.stack([done.angles[name] for name in SPINE_ANGLE_NAMES], axis=1),
        spine_sd_deg=np.full((count, 3), 3.0),
    )
    video = VideoInfo(Path("/somewhere/clip.mp4"), "0" * 64, "h264", 1280, 720, 0, motion.fps, count, motion.duration_s)
    recording = Recording(video, track, "right", "right", np.zeros((count, 2)), (float("nan"), 1.0), ("dark",))
    return SeenRowing.of(recording, None, "an estimator")


def test_what_was_seen_reads_back_and_is_judged_without_pictures(tmp_path: Path) -> None:
    armed = with_faults(WELL, {"early_arm_bend": 3.0}, severities)
    write_arrays(seen_file(tmp_path, 7), seen_without_pictures(armed))
    write_arrays(true_file(tmp_path, 7), truth_of(armed))
    seen, truth = read_clip(tmp_path, 7)
    assert (seen.estimator, seen.calibration) == ("an estimator", None)
    recording = seen.recording()
    assert (recording.video.path, recording.warnings) == (Path("clip.mp4"), ("dark",))
    assert np.isnan(recording.rail_roll_deg[0])
    assert {fault.id for fault in seen.judged().faults} == {"early_arm_bend"}
    assert truth.severities(CATALOGUE)["early_arm_bend"] == pytest.approx(3.0, abs=0.2)


def test_why_a_fault_was_missed_and_how_far_off_it_was_read(tmp_path: Path) -> None:
    armed = with_faults(WELL, {"early_arm_bend": 3.0}, severities)
    write_arrays(seen_file(tmp_path, 7), seen_without_pictures(armed))
    write_arrays(true_file(tmp_path, 7), truth_of(armed))
    (one,) = read_all(tmp_path, part="odd")
    assert read_all(tmp_path, part="even") == []
    assert one.cause == {"early_arm_bend": FOUND}
    assert one.error["elbow_at_knee_150_deg"] == pytest.approx(0.0, abs=4.0)
    assert one.true["elbow_at_knee_150_deg"] == pytest.approx(140.0, abs=2.0)
    missed = [replace(one, cause={"early_arm_bend": cause}) for cause in (NOT_JUDGED, WITHIN, UNSURE, UNSURE)]
    row = next(line for line in cause_table([one, *missed]).splitlines() if "early_arm_bend" in line)
    assert [cell.strip() for cell in row.split("|")[2:-1]] == ["5", "1", "1", "1", "2"]
    assert one.usable.split()[0] == one.usable.split()[2]
    assert (one.false_alarms, one.event_off_s < 0.03) == (frozenset(), True)
    # One that was found is no line; one that was missed, and one that is not there, are.
    lines = miss_table([one, missed[1], replace(one, number=8, false_alarms=frozenset({"late_lunge"}))], CATALOGUE)
    assert [line.split("|")[1:4] for line in lines.splitlines()[2:]] == [
        [" 7 ", " `early_arm_bend` ", " read within the limit "],
        [" 8 ", " `late_lunge` ", " said, and not there "],
    ]
    off = [replace(one, error={"m": e}, true={"m": t}, sd={"m": 2.0}) for e, t in ((1.0, 0.0), (3.0, 10.0))]
    assert error_table(off).splitlines()[-1] == "| `m` | 2 of 2 | 2.00 | 2.24 | 2.00 | 1.20 | 5.00 |"


def test_the_table_of_a_small_collection(tmp_path: Path) -> None:
    first = next(n for n in range(FRESH, FRESH + 40) if not wanted_faults(n))
    number = next(n for n in range(FRESH, FRESH + 390) if wanted_faults(n) == {"early_arm_bend": 3.0})
    armed = with_faults(WELL, {"early_arm_bend": 3.0}, severities)
    for at, motion in ((7, armed), (first, WELL), (number, armed)):  # the first of them was looked at before
        write_arrays(seen_file(tmp_path, at), seen_without_pictures(motion))
        write_arrays(true_file(tmp_path, at), truth_of(motion))
    assert collected(tmp_path) == [7, *sorted([first, number])]
    clean = outcome(tmp_path, first)
    assert clean.clean
    assert clean.found == frozenset()
    # What is said not to be judged is no false alarm and no catch.
    assert {"sits_on_back_of_bones", *UNSEEN} <= clean.not_judged
    # The neck was not seen, and the face was.
    assert "head_drops" not in clean.not_judged
    outcomes, without = judge_all(tmp_path, FRESH)
    assert without == []
    row = next(line for line in tables(outcomes)[0].splitlines() if "early_arm_bend" in line)
    cells = [cell.strip() for cell in row.split("|")[1:-1]]
    assert cells == [
        "`early_arm_bend`", "100 (21-100), 1/1", "100 (21-100), 1/1", "-", "100 (21-100), 1/1", "0", "0 (0-79), 0/1",
    ]  # fmt: skip
    write_arrays(true_file(tmp_path, FRESH + 399), truth_of(WELL))
    assert refused(tmp_path) == [FRESH + 399]
    unmoved = replace(seen_without_pictures(WELL), xy_px=np.full_like(seen_without_pictures(WELL).xy_px, np.nan))
    write_arrays(seen_file(tmp_path, FRESH + 398), unmoved)
    write_arrays(true_file(tmp_path, FRESH + 398), truth_of(WELL))
    assert judge_all(tmp_path, FRESH)[1] == [FRESH + 398, FRESH + 399]
    assert len(judge_all(tmp_path)[0]) == 3
    whole = next(line for line in group_table(outcomes).splitlines() if "| all |" in line)
    assert whole.split("|")[3].strip() == share(1, 1)  # the shoulders, which are never judged, are not among them
    written = page(tmp_path, tmp_path / "pieces")
    assert "from 2 rendered clips" in written
    assert "were 2 more." in written
    assert row in written


def test_what_repeats_of_an_error_is_told_from_what_is_fresh(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(4)
    errors = [rng.normal(3.0 * same, 1.0, 6) for same in rng.standard_normal(600)]
    assert repeating(errors) == pytest.approx((np.sqrt(10.0), 1.0, np.sqrt(0.9)), rel=0.04)
    assert repeating([rng.normal(0.0, 2.0, 6) for _ in range(600)])[2] < 0.3
    long = replace(WELL, duration_s=16.0)
    for number, motion in enumerate((long, replace(long, knee_catch_deg=58.0))):
        write_arrays(seen_file(tmp_path, number), seen_without_pictures(motion))
        write_arrays(true_file(tmp_path, number), truth_of(motion))
    still = seen_without_pictures(WELL)
    write_arrays(seen_file(tmp_path, 2), replace(still, xy_px=np.full_like(still.xy_px, np.nan)))
    write_arrays(true_file(tmp_path, 2), truth_of(WELL))
    lines = repeating_table(tmp_path).splitlines()
    knee = next(line for line in lines if line.endswith(" knee_deg_catch")).split()
    assert knee[0] == "2"
    assert float(knee[1]) > float(knee[2]) >= 0.0
    assert not any("pelvic_tilt_deg" in line for line in lines), "its zero is not known"
    assert lines[-1].startswith("median share 0.")
    assert "clip 2: " in capsys.readouterr().err


def made(number: int, level: float, said: bool, judged: bool = True, wanted: bool = True) -> Outcome:
    severity = dict.fromkeys(DIALS, 0.0) | {"late_lunge": level}
    return Outcome(
        number=number,
        wanted=frozenset({"late_lunge"} if wanted else ()),
        severity=severity,
        found=frozenset({"late_lunge"} if said else ()),
        not_judged=frozenset(() if judged else {"late_lunge"}),
    )


def test_what_lies_between_clear_and_absent_counts_for_neither() -> None:
    some = [
        made(1, 2.5, said=True),
        made(2, 2.1, said=False),
        made(3, 3.0, said=False, judged=False),
        made(4, 1.2, said=True),
        made(5, 0.2, said=True, wanted=False),
        made(6, 0.1, said=False, wanted=False),
        made(7, 0.1, said=False, judged=False, wanted=False),
    ]
    assert Counted.of("late_lunge", some) == Counted(there=3, hits=1, not_there=2, false_alarms=1)
    row = next(line for line in main_table(some).splitlines() if "late_lunge" in line)
    assert [cell.strip() for cell in row.split("|")[1:-1]][1:] == [
        share(1, 3), share(1, 3), "-", share(1, 2), "1", share(1, 2),
    ]  # fmt: skip
    row = next(line for line in severity_table(some).splitlines() if "late_lunge" in line)
    assert [cell.strip() for cell in row.split("|")[2:-1]] == ["1/2", "-", "1/1", "-", "-", "1/2", "-"]


def test_the_interval_of_a_share() -> None:
    # Wilson 1927, as tabulated for 9 of 10.
    assert wilson(9, 10) == pytest.approx((0.596, 0.982), abs=0.001)
    assert wilson(0, 50) == pytest.approx((0.0, 0.071), abs=0.001)
    assert np.isnan(wilson(0, 0)).all()
    assert share(0, 0) == "-"
