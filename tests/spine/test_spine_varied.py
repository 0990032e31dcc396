"""The candidate's fitting: its patches are the analysis's own, disguises move truth and picture alike, it learns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rowsense.spine.patch import HIP_AT, PX_PER_TRUNK
from rowsense.studies.spine_mixed import FIRST, FIRST_FITTED, FIRST_VARIED, mixed_clip
from rowsense.studies.spine_varied import JOINED, WAYS, fit_further, new_network, stock_of
from tests.spine.seen_clips import NUMBERS, held_out

torch = pytest.importorskip("torch", reason="the extra `simulate` is not installed")


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
    assert off.mean() < 1e-3
    assert off.max() < 0.1


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


def test_flesh_bends_silhouette_and_true_outline_alike(stock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from rowsense.studies import spine_disguise, spine_stock

    monkeypatch.setattr(spine_stock, "moved_joints", lambda joints, *_: joints)
    monkeypatch.setattr(
        spine_stock, "other_scale", lambda trunk, dice, _: torch.full((dice.clips * dice.count,), trunk)
    )
    monkeypatch.setattr(spine_stock, "disguised_silhouette", lambda silhouette, *_: silhouette)
    monkeypatch.setattr(spine_disguise, "SWELLING_SD", (0.05, 0.0))
    both = np.arange(len(stock))
    bent, straight = stock.draw(both, 14, seed=3, strength=1.0), stock.draw(both, 14, seed=3, strength=0.0)
    np.testing.assert_allclose(bent.joints, straight.joints)
    moved = PX_PER_TRUNK * (bent.outline - straight.outline).numpy().reshape(len(both), 14, -1, 2)
    assert np.abs(moved[..., 0]).max() > 2.0
    np.testing.assert_allclose(moved[..., 1], 0.0, atol=1e-4)
    # One rower's flesh: all frames of a clip alike, up to where the outline lies in each.
    assert moved[..., 6:13, 0].std(axis=1).mean() < 0.5 * np.abs(moved[..., 6:13, 0]).mean()
    before, after = _edge_away_px(straight), _edge_away_px(bent)
    assert np.median(np.abs(after)) < np.median(np.abs(before)) + 0.5


def test_disguises_are_drawn_by_the_seed_and_strength_0_leaves_the_silhouette(stock: Any) -> None:
    both = np.arange(len(stock))
    first, again, other = (stock.draw(both, 6, seed=seed, strength=1.0) for seed in (5, 5, 6))
    assert torch.equal(first.layers, again.layers)
    assert not torch.equal(first.layers, other.layers)
    assert float(first.layers.abs().max()) <= 3.0
    assert torch.isfinite(first.layers).all()
    levels = 127.5 * (stock.draw(both, 6, seed=5, strength=0.0).layers[:, 0] + 1.0)
    np.testing.assert_allclose(levels, levels.round(), atol=1e-3)


def test_the_same_seed_gives_the_same_network_and_more_steps_a_better_one(stock: Any) -> None:
    from rowsense.studies.spine_steps import Steps
    from rowsense.studies.spine_training import Recipe

    made = Recipe(channels=(8, 12, 16, 16), hidden=32, clips_at_once=2, frames_of_each=8, dropout=0.1)
    how = Steps(rate=1e-2, disguise=0.3)
    begun, again = (fit_further(new_network(stock, made, 0), stock, made, how, 3, seed=0) for _ in range(2))
    for name, values in begun.state_dict().items():
        assert torch.equal(values, again.state_dict()[name]), name
    longer = fit_further(new_network(stock, made, 0), stock, made, how, 60, seed=0)
    batch = stock.some(10_000)
    with torch.no_grad():
        off = [(net(batch.layers, batch.joints)[0] - batch.target_deg)[:, :2].std().item() for net in (begun, longer)]
    assert off[1] < 0.8 * off[0]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_networks_of_a_file_say_what_the_file_says(stock: Any) -> None:
    from rowsense.spine.network import INPUTS, OUTPUTS, SpineNetwork
    from rowsense.studies.spine_training import JoinedNetworks, Recipe, export
    from rowsense.studies.spine_warm import networks_of

    made = Recipe(channels=(8, 12, 16, 16), hidden=32)
    fitted = [new_network(stock, made, seed).train() for seed in (0, 1)]
    usual, few = stock.some(10_000), stock.some(12)
    for network in fitted:
        for _ in range(20):  # so that what the normalisations take for usual is neither 0 nor 1
            network(usual.layers, usual.joints)
        network.eval()
    data = export(JoinedNetworks(fitted).eval(), (INPUTS, OUTPUTS))
    read = networks_of(data, few, made)
    assert len(read) == 2
    with torch.no_grad():
        for network, first in zip(read, fitted, strict=True):
            for said, true in zip(network(usual.layers, usual.joints), first(usual.layers, usual.joints), strict=True):
                np.testing.assert_allclose(said, true, atol=1e-3)
        # While it is fitted, too, a network goes on from where it was: what is usual was measured, not guessed.
        batch = stock.some(10_000)
        goes_on = read[0].train()(batch.layers, batch.joints)[0]
        assert (goes_on - fitted[0](batch.layers, batch.joints)[0]).std() < 2.0
    SpineNetwork(data)


def test_rates_rise_and_fall() -> None:
    from rowsense.studies.spine_steps import WARM_UP, Steps

    rates = [Steps(rate=2.0, disguise=0.0).rate_at(part) for part in (0.0, WARM_UP, 0.5, 1.0)]
    assert 0.0 < rates[0] < 0.1
    assert rates[1] == pytest.approx(2.0)
    assert rates[1] > rates[2] > rates[3] == pytest.approx(0.0, abs=1e-9)


def test_clips_are_new_bodies_half_of_them_with_variety() -> None:
    from rowsense.simulate.flesh import FleshSpec
    from rowsense.studies.spine_fit import HELD_BACK, TRAINING_CLIPS, training_clip

    assert mixed_clip(FIRST) == training_clip(TRAINING_CLIPS - HELD_BACK)
    assert all(mixed_clip(number)[0].flesh != FleshSpec() for number in range(FIRST_VARIED, FIRST_FITTED, 7))
    clips = [mixed_clip(number)[0] for number in range(FIRST_FITTED, FIRST_FITTED + 40)]
    assert sum(clip.flesh != FleshSpec() for clip in clips) == 20
    old = {training_clip(number)[0].body for number in range(0, TRAINING_CLIPS, 9)}
    assert len({clip.body for clip in clips} - old) == 40
    assert set(JOINED) <= set(WAYS)
