"""The spine network's fitting: patches are the analysis's own, each showing is another, it learns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rowsense.spine.patch import HIP_AT, JOINTS, LEAN_UNIT_DEG, PX_PER_TRUNK
from rowsense.studies.spine_fit import WAYS, errors_within, stock_of
from rowsense.studies.spine_mixed import FIRST_FITTED, FRAMES, KINDS, mixed_clip
from tests.spine.seen_clips import NUMBERS, held_out

torch = pytest.importorskip("torch", reason="the extra `simulate` is not installed")

#: Where among the numbers about the joints the lean is told.
LEAN_AT = 2 * 2 * len(JOINTS)


@pytest.fixture(scope="module")
def stock() -> Any:
    return stock_of([held_out(number) for number in NUMBERS])


def test_patches_of_the_stock_are_those_of_the_analysis(stock: Any) -> None:
    from rowsense.studies.spine_training import sample

    made = [sample(clip, int(row)) for clip in map(held_out, NUMBERS) for row in np.flatnonzero(clip.usable())]
    known = [one for one in made if one is not None]
    batch = stock.some(10_000)
    assert len(batch.layers) == len(known)
    for name, away in (("joints", 1e-5), ("target_deg", 1e-4), ("outline", 1e-5)):
        np.testing.assert_allclose(getattr(batch, name).numpy(), [getattr(k, name) for k in known], atol=away)
    off = np.abs(batch.layers.numpy() - np.stack([k.layers for k in known]))
    assert off.max() < 0.03, "single precision may round a grey level the other way"
    assert off.mean() < 1e-5


def _edge_away_px(batch: Any) -> np.ndarray:
    """How far the silhouette's rear edge lies behind the outline, at the outline's middle points of each frame."""
    away = []
    for silhouette, outline in zip(batch.layers[:, 0].numpy(), batch.outline.numpy(), strict=True):
        for across, down in outline.reshape(-1, 2)[6:13] * PX_PER_TRUNK + HIP_AT:
            inside = np.flatnonzero(silhouette[int(down)] > 0.0)
            near = inside[np.abs(inside - across) < 9]
            if near.size:
                away.append(across - near.min())
    return np.array(away)


def test_each_showing_says_a_frame_otherwise_and_the_truth_goes_with_it(stock: Any) -> None:
    from rowsense.studies.spine_otherwise import Dice

    rows = torch.arange(24)
    plain = stock.cut(rows, None)
    first, again, other = (stock.cut(rows, Dice(torch.Generator().manual_seed(k), 2, 12)) for k in (5, 5, 6))
    assert torch.equal(first.layers, again.layers)
    assert not torch.equal(first.layers, other.layers)
    assert torch.isfinite(first.layers).all()
    assert float(first.layers.abs().max()) <= 3.0
    # Against a trunk that is seen to lean otherwise the same pelvis has another tilt, and the outline lies elsewhere.
    leaned_deg = LEAN_UNIT_DEG * (first.joints - plain.joints)[:, LEAN_AT]
    np.testing.assert_allclose((first.target_deg - plain.target_deg)[:, 0], -leaned_deg, atol=1e-3)
    np.testing.assert_allclose(first.target_deg[:, 1:], plain.target_deg[:, 1:])
    moved = PX_PER_TRUNK * (first.outline - plain.outline).view(len(rows), -1, 2).norm(dim=2)
    assert 0.5 < float(moved.mean()) < 5.0
    assert np.median(np.abs(_edge_away_px(first))) < np.median(np.abs(_edge_away_px(plain))) + 0.5


@pytest.fixture(scope="module")
def small() -> Any:
    """A network that is quick, on two clips."""
    from rowsense.studies.spine_training import Recipe

    return Recipe(channels=(8, 12, 16, 16), hidden=32, clips_at_once=2, frames_of_each=8, dropout=0.1)


def test_the_same_seed_gives_the_same_network_and_more_steps_a_better_one(stock: Any, small: Any) -> None:
    from rowsense.studies.spine_steps import Steps, fit_network, new_network

    how = Steps(rate=1e-2)
    begun, again, other = (
        fit_network(new_network(stock, small, seed), stock, small, how, 3, seed=seed) for seed in (0, 0, 1)
    )
    for name, values in begun.state_dict().items():
        assert torch.equal(values, again.state_dict()[name]), name
    assert not torch.equal(begun.answer.weight, other.answer.weight)
    longer = fit_network(new_network(stock, small, 0), stock, small, how, 90, seed=0)
    clips = [held_out(number) for number in NUMBERS]
    assert (errors_within(longer, clips)[:2] < 0.8 * errors_within(begun, clips)[:2]).all()
    batch = stock.some(10_000)
    with torch.no_grad():
        away = [(net.frames(batch.layers, batch.joints)[2] - batch.outline).std().item() for net in (begun, longer)]
    assert away[1] < 0.85 * away[0]


def test_a_fit_that_was_stopped_goes_on_to_the_same_network(
    stock: Any, small: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rowsense.studies import spine_steps
    from rowsense.studies.spine_steps import Steps, fit_network, new_network

    monkeypatch.setattr(spine_steps, "KEPT_EVERY", 4)
    kept, how = tmp_path / "network.pt", Steps(rate=1e-2)
    whole = fit_network(new_network(stock, small, 0), stock, small, how, 11, seed=0)

    class StoppedError(Exception):
        pass

    steps, step = [], spine_steps.Fitting.step

    def stopped(self: Any, rows: Any, progress: float) -> None:
        steps.append(progress)
        if len(steps) == 7:
            raise StoppedError
        step(self, rows, progress)

    monkeypatch.setattr(spine_steps.Fitting, "step", stopped)
    with pytest.raises(StoppedError):
        fit_network(new_network(stock, small, 0), stock, small, how, 11, 0, kept)
    resumed = fit_network(new_network(stock, small, 0), stock, small, how, 11, 0, kept)
    assert len(steps) == 7 + 7, "steps 5 to 11, and not the first four again"
    for name, values in resumed.state_dict().items():
        assert torch.equal(values, whole.state_dict()[name]), name


def test_frames_are_shown_together_apart_from_poses_short_recordings_and_stills() -> None:
    from rowsense.studies.spine_otherwise import Dice
    from rowsense.studies.spine_steps import SHORT_ONE_IN, drawn_together

    clips, frames = 400, 6
    posing = torch.zeros(clips, frames, dtype=torch.bool)
    posing[::2, 4:] = True
    together = drawn_together(posing, Dice(torch.Generator().manual_seed(0), clips, frames)).numpy()
    same = (posing[:, :, None] == posing[:, None, :]).numpy()
    assert set(np.unique(together)) == {0.0, 1.0}
    assert (together[~same] == 0.0).all(), "a pose tells nothing while she rows"
    assert together.sum(axis=2).min() >= 1.0
    stills = (together == np.eye(frames)).all(axis=(1, 2))
    whole = (together == same).all(axis=(1, 2))
    assert stills.mean() == pytest.approx(1 / SHORT_ONE_IN, abs=0.06)
    assert whole.mean() == pytest.approx(1 - 2 / SHORT_ONE_IN, abs=0.08)


def test_rates_rise_and_fall() -> None:
    from rowsense.studies.spine_steps import WARM_UP, Steps

    rates = [Steps(rate=2.0).rate_at(part) for part in (0.0, WARM_UP, 0.5, 1.0)]
    assert 0.0 < rates[0] < 0.1
    assert rates[1] == pytest.approx(2.0)
    assert rates[1] > rates[2] > rates[3] == pytest.approx(0.0, abs=1e-9)


def test_clips_of_all_kinds_have_bodies_of_their_own_and_none_of_the_test_clips() -> None:
    from rowsense.simulate.flesh import FleshSpec
    from rowsense.studies.spine_clips import TEST, drawn_clip

    clips = [mixed_clip(number)[0] for number in range(FIRST_FITTED, FIRST_FITTED + 60)]
    tests = {drawn_clip(TEST, number, 30).body for number in range(60)}
    assert len({clip.body for clip in clips} - tests) == 60
    varied = sum(clip.flesh != FleshSpec() for clip in clips)
    assert varied == 6 * (KINDS.count("varied") + KINDS.count("natural")) + 3, "and every second plain one"
    assert {round(clip.motion.duration_s * clip.motion.fps) for clip in clips} == {FRAMES}
    assert len({way.seed for way in WAYS.values()}) == len(WAYS)


def test_rowers_of_the_natural_kind_lean_as_before_when_their_hips_tip() -> None:
    """The low back answers the pelvis, and the upper back is hardly ever at an end of its range."""
    from rowsense.simulate.motion import simulate_motion
    from rowsense.simulate.posture import THORACIC_LIMITS_DEG

    within, at_end = {}, {}
    for kind in ("drawn", "natural"):
        numbers = [n for n in range(FIRST_FITTED, FIRST_FITTED + 120) if KINDS[n % len(KINDS)] == kind]
        motions = [simulate_motion(mixed_clip(number)[0].motion) for number in numbers]
        names = ("pelvic_tilt_deg", "lumbar_flexion_deg")
        angles = [np.stack([m.angles[name] for name in names], 1) for m in motions]
        within[kind] = np.corrcoef(np.concatenate([a - a.mean(0) for a in angles]).T)[0, 1]
        thoracic = np.concatenate([m.angles["thoracic_flexion_deg"] for m in motions])
        low, high = THORACIC_LIMITS_DEG
        at_end[kind] = np.mean((thoracic < low + 5.0) | (thoracic > high - 5.0))
    assert within["natural"] < within["drawn"] < 0.0
    assert at_end["natural"] < 0.1 < 0.5 < at_end["drawn"]
