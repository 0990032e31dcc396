"""The bent lens: it projects and un-projects alike, and long edges are cut so that they bend too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.simulate.camera import Camera, CameraSpec
from rowsense.simulate.raster import vertex_normals
from rowsense.simulate.solids import beam, subdivided


@pytest.mark.parametrize("k1", [-0.2, -0.1, 0.08])
def test_rays_undo_a_bent_lens_in_all_of_the_picture(k1: float) -> None:
    camera = Camera(CameraSpec(yaw_deg=12.0, roll_deg=-3.0, distortion_k1=k1), 1280, 720)
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(1.0, 1279.0, 9), np.linspace(1.0, 719.0, 7)))
    ray = camera.rays(x, y)
    xy, _ = camera.project(camera.position + 4.0 * ray)
    np.testing.assert_allclose(xy, np.stack([x, y], axis=1), atol=1e-3)


def test_a_barrel_draws_points_in_by_what_k1_says_and_leaves_the_middle() -> None:
    spec = CameraSpec(height_m=0.62)
    straight, bent = Camera(spec, 1280, 720), Camera(replace(spec, distortion_k1=-0.1), 1280, 720)
    points = straight.position + 5.0 * straight.rays(np.array([640.0, 1280.0, 960.0]), np.array([360.0, 360.0, 360.0]))
    xy, _ = bent.project(points)
    np.testing.assert_allclose(xy[:, 0], [640.0, 640.0 + 640.0 * 0.9, 640.0 + 320.0 * 0.975], atol=1e-6)
    np.testing.assert_allclose(xy[:, 1], 360.0, atol=1e-6)


def test_no_radius_is_folded_back() -> None:
    camera = Camera(CameraSpec(distortion_k1=-0.25), 1280, 720)
    x = np.linspace(-0.05, 12.0, 200)
    xy, _ = camera.project(np.stack([x, np.full(200, 0.62), np.zeros(200)], axis=1))
    assert np.all(np.diff(xy[:, 0]) > 0.0)


def test_cutting_long_edges_keeps_the_surface_and_what_it_carries() -> None:
    bar = beam((0, 0, 0), (1, 0, 0), 0.05, 0.05, (1.0, 0.0, 0.0))
    normals = vertex_normals(bar.vertices, bar.faces)
    fine, carried = subdivided(bar, normals, 0.1)
    corners = fine.vertices[fine.faces]
    assert np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max() <= 0.1

    def area(vertices: np.ndarray, faces: np.ndarray) -> float:
        a, b, c = (vertices[faces[:, k]] for k in range(3))
        return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())

    assert area(fine.vertices, fine.faces) == pytest.approx(area(bar.vertices, bar.faces))
    assert len(carried) == len(fine.vertices)
    assert len(fine.colours) == len(fine.faces)
    used = np.unique(fine.faces)
    np.testing.assert_allclose(np.linalg.norm(carried[used], axis=1), 1.0, atol=1e-9)
