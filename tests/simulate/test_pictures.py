"""Rasteriser, solids, camera, and (where torch and anny are installed) one rendered rower."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rowsense.errors import UsageError
from rowsense.simulate.camera import Camera, CameraSpec
from rowsense.simulate.clip_spec import SAMPLES, WELL_ROWED
from rowsense.simulate.raster import rasterise, reduce_into, vertex_normals
from rowsense.simulate.solids import ball, beam, join


def _draw(xy: np.ndarray, depth: np.ndarray, faces: np.ndarray, size: int = 20) -> tuple[np.ndarray, np.ndarray]:
    z = np.full((size, size), np.inf, dtype=np.float32)
    face_of = np.full((size, size), -1, dtype=np.int32)
    bary = np.zeros((size, size, 2), dtype=np.float32)
    rasterise(xy, depth, faces, z, face_of, bary, 0, 0)
    return face_of, z


def test_two_triangles_fill_a_square_once() -> None:
    xy = np.array([[4.0, 4.0], [14.0, 4.0], [14.0, 14.0], [4.0, 14.0]])
    face_of, z = _draw(xy, np.ones(4), np.array([[0, 1, 2], [0, 2, 3]]))
    assert np.array_equal(face_of[4:14, 4:14] >= 0, np.ones((10, 10), bool))
    assert (face_of >= 0).sum() == 100
    assert np.allclose(z[4:14, 4:14], 1.0)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_nearer_triangle_wins_whatever_the_order(order: tuple[int, int]) -> None:
    xy = np.tile(np.array([[0.0, 0.0], [20.0, 0.0], [0.0, 20.0]]), (2, 1))
    depth = np.array([2.0, 2.0, 2.0, 1.0, 1.0, 1.0])
    faces = np.array([[0, 1, 2], [3, 4, 5]])[list(order)]
    face_of, _ = _draw(xy, depth, faces)
    assert faces[face_of[2, 2]][0] == 3


def test_edges_outside_the_window_are_cut_off() -> None:
    xy = np.array([[-50.0, -50.0], [90.0, -50.0], [-50.0, 90.0]])
    face_of, _ = _draw(xy, np.ones(3), np.array([[0, 1, 2]]))
    assert (face_of == 0).all()


def test_reduction_averages() -> None:
    colour = np.zeros((4, 4, 3), dtype=np.float32)
    colour[:2, 0] = 1.0
    picture = np.zeros((2, 2, 3), dtype=np.uint8)
    reduce_into(colour, picture, 0, 0, 2)
    assert picture[0, 0].tolist() == [128, 128, 128]
    assert picture[1, 1].tolist() == [0, 0, 0]


def test_normals_of_a_ball_point_outwards_or_inwards_everywhere() -> None:
    solid = ball(np.zeros(3), np.ones(3), (1.0, 0.0, 0.0), rows=12, columns=24)
    along = np.sum(vertex_normals(solid.vertices, solid.faces) * solid.vertices, axis=1)
    inner = np.abs(solid.vertices[:, 1]) < 0.99
    assert np.abs(along[inner]).min() > 0.97
    assert len(set(np.sign(along[inner]))) == 1


def test_joined_solids_keep_their_faces() -> None:
    first = beam((0, 0, 0), (1, 0, 0), 0.1, 0.1, (1, 0, 0))
    both = join([first, first.moved((0, 1, 0))])
    assert len(both.faces) == 2 * len(first.faces)
    assert both.vertices[both.faces[len(first.faces) :]][..., 1].min() > 0.9


@pytest.mark.parametrize("facing", ["right", "left"])
def test_camera_sees_the_flywheel_where_facing_says(facing: str) -> None:
    camera = Camera(CameraSpec(facing=facing), 1280, 720)
    xy, depth = camera.project(np.array([[-0.5, 0.6, 0.0], [0.9, 0.6, 0.0], [-0.5, 1.0, 0.0]]))
    assert (xy[1, 0] > xy[0, 0]) == (facing == "right")
    assert xy[2, 1] < xy[0, 1]
    assert depth.min() > 0


def test_roll_turns_the_picture_clockwise() -> None:
    camera = Camera(CameraSpec(roll_deg=10.0, height_m=0.62), 1280, 720)
    xy, _ = camera.project(np.array([[-0.05, 0.62, 0.0], [-0.05, 0.82, 0.0]]))
    up = xy[1] - xy[0]
    assert np.degrees(np.arctan2(up[0], -up[1])) == pytest.approx(10.0, abs=0.1)


def test_rays_undo_the_projection() -> None:
    camera = Camera(CameraSpec(yaw_deg=12.0, roll_deg=-3.0), 1280, 720)
    point = np.array([0.3, 0.9, -0.2])
    xy, depth = camera.project(point[None])
    ray = camera.rays(xy[0, 0], xy[0, 1])
    reach = np.linalg.norm(point - camera.position)
    np.testing.assert_allclose(camera.position + ray * reach, point, atol=1e-9)
    assert depth[0] < reach + 1e-9


def test_unknown_clip_is_named() -> None:
    from rowsense.simulate import clip

    with pytest.raises(UsageError, match="no_such_clip"):
        clip("no_such_clip")


def test_motion_needs_neither_torch_nor_pictures() -> None:
    import subprocess

    code = (
        "import sys; from rowsense.simulate.motion import MotionSpec, simulate_motion; "
        "simulate_motion(MotionSpec(duration_s=3.0)); "
        "assert not {'torch', 'anny', 'numba', 'cv2', 'av'} & set(sys.modules), 'heavy import'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[2])


def test_a_rendered_rower_sits_on_the_seat_with_hands_on_the_handle(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the extra 'simulate' (torch, anny) is not installed")
    pytest.importorskip("anny", reason="the extra 'simulate' (torch, anny) is not installed")
    from rowsense.simulate import clip, render_clip

    short = replace(WELL_ROWED, motion=replace(WELL_ROWED.motion, duration_s=0.2), width_px=640, height_px=360)
    renderer = clip(short)
    picture = renderer.frame(0)
    assert picture.shape == (360, 640, 3)
    hip, _ = renderer.camera.project(renderer.motion.joints.hip[0])
    cloth = picture[int(hip[1]) - 4, int(hip[0])].astype(int)
    assert cloth[2] > cloth[0] + 10, "the suit is blue at the hip"
    posed = renderer.posed(0)
    hand = posed[renderer.body.weight_of("finger3-1.R", "metacarpal2.R") > 0.5]
    assert np.linalg.norm(hand.mean(axis=0) - renderer.motion.joints.handle[0]) < 0.06
    files = render_clip(short, tmp_path)
    assert files.video.stat().st_size > 1000
    assert len(files.truth.read_text().splitlines()) == len(renderer) + 1
    assert not list(tmp_path.glob(".*part*"))


def test_a_room_that_is_painted_coarsely_is_the_same_room() -> None:
    pytest.importorskip("torch", reason="the extra 'simulate' (torch, anny) is not installed")
    pytest.importorskip("anny", reason="the extra 'simulate' (torch, anny) is not installed")
    from rowsense.simulate.render import ClipRenderer

    tiled = replace(WELL_ROWED.room, wall_texture="tiles", planks=True)
    short = replace(WELL_ROWED, motion=replace(WELL_ROWED.motion, duration_s=0.2), room=tiled)
    short = replace(short, width_px=640, height_px=360)
    fine, coarse = (ClipRenderer(short, fine_room=how).frame(0).astype(float) for how in (True, False))
    away = np.abs(fine - coarse)
    assert 0.0 < away.mean() < 1.0
    assert np.median(away) == 0.0


def test_samples_differ_in_body_facing_and_roll() -> None:
    first, second = SAMPLES["well_rowed"], SAMPLES["hips_tip_back"]
    assert first.body != second.body
    assert {first.camera.facing, second.camera.facing} == {"left", "right"}
    assert second.camera.roll_deg != 0.0
