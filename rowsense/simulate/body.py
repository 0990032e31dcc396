"""The rower's body: one baked mesh per body shape, in the rest pose, with its bones and skin weights.

The shape comes from Anny (a parametric body derived from MakeHuman, Apache-2.0), an optional extra: torch and
anny are imported only when a body is baked, and a baked body is kept in the user's cache.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from rowsense.errors import UsageError
from rowsense.simulate.skeleton import SPINE_JOINTS, Skeleton

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_BAKE_VERSION = 1


@dataclass(frozen=True, slots=True)
class BodySpec:
    """Shape of a body; every value 0..1 as Anny's phenotype parameters, ``scale`` sets the size."""

    gender: float = 0.0
    """0 male, 1 female."""
    age: float = 0.6
    muscle: float = 0.65
    weight: float = 0.48
    height: float = 0.5
    proportions: float = 0.6
    scale: float = 1.0


@dataclass(frozen=True)
class BodyMesh:
    """Rest mesh: metres, x forward, y up, z to the rower's right, origin at the root joint."""

    vertices: FloatArray
    """(V, 3)"""
    faces: IntArray
    """(F, 3)"""
    weights: FloatArray
    """(V, K) skin weights."""
    bones: IntArray
    """(V, K) bone numbers."""
    heads: FloatArray
    """(B, 3) joint positions."""
    labels: tuple[str, ...]
    parents: IntArray

    def bone(self, name: str) -> int:
        """Number of a bone."""
        return self.labels.index(name)

    def weight_of(self, *parts: str) -> FloatArray:
        """(V,) summed weight of all bones whose name contains one of ``parts``."""
        chosen = np.array([any(part in label for part in parts) for label in self.labels])
        return np.sum(self.weights * chosen[self.bones], axis=1)


def load_body(spec: BodySpec) -> BodyMesh:
    """The baked body for a shape, from the cache or baked now.

    Raises:
        UsageError: the body is not in the cache and the extra ``simulate`` is not installed.
    """
    path = _cache_file(spec)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.stem}.{os.getpid()}.part.npz")
        np.savez_compressed(temporary, allow_pickle=False, **_bake(spec))
        temporary.replace(path)
    with np.load(path) as data:
        return BodyMesh(
            vertices=data["vertices"].astype(np.float64),
            faces=data["faces"].astype(np.int64),
            weights=data["weights"].astype(np.float64),
            bones=data["bones"].astype(np.int64),
            heads=data["heads"].astype(np.float64),
            labels=tuple(str(x) for x in data["labels"]),
            parents=data["parents"].astype(np.int64),
        )


def _cache_file(spec: BodySpec) -> Path:
    named = os.environ.get("ROWSENSE_CACHE_DIR")
    base = Path(named) if named else platformdirs.user_cache_path("rowsense", appauthor=False)
    name = hashlib.sha256(repr((_BAKE_VERSION, sorted(asdict(spec).items()))).encode()).hexdigest()[:16]
    return base / "simulate" / f"body-{name}.npz"


def _bake(spec: BodySpec) -> dict[str, NDArray]:
    try:
        import anny
        import torch
    except ImportError as error:
        raise UsageError(
            "Making simulated rowers needs the extra 'simulate' (torch and anny): pip install 'rowsense[simulate]'."
        ) from error
    model = anny.Anny(skinning_method="lbs")
    shape = {k: v for k, v in asdict(spec).items() if k != "scale"}
    with torch.no_grad():
        rest = model.get_rest_model(model.get_phenotype_blendshape_coefficients(**shape))
    heads = _canonical(rest["rest_bone_heads"][0].numpy())
    root = heads[0].copy()
    return {
        "vertices": (spec.scale * (_canonical(rest["rest_vertices"][0].numpy()) - root)).astype(np.float32),
        "faces": model.get_triangular_faces().numpy().astype(np.int32),
        "weights": model.vertex_bone_weights.numpy().astype(np.float32),
        "bones": model.vertex_bone_indices.numpy().astype(np.int16),
        "heads": (spec.scale * (heads - root)).astype(np.float32),
        "labels": np.array(model.bone_labels),
        "parents": np.array(model.bone_parents, dtype=np.int16),
    }


def _canonical(xyz: NDArray) -> FloatArray:
    """Anny has x to the left, y backwards, z up."""
    return np.stack([-xyz[:, 1], xyz[:, 2], -xyz[:, 0]], axis=1).astype(np.float64)


def skeleton_of(body: BodyMesh, sole_m: float = 0.018) -> Skeleton:
    """Bone lengths and rest joints of a body; ``sole_m`` is the thickness of the shoe's sole."""

    def at(name: str) -> FloatArray:
        return body.heads[body.bone(name)]

    hip, knee, ankle = at("upperleg01.R"), at("lowerleg01.R"), at("foot.R")
    shoulder, elbow, wrist = at("upperarm01.R"), at("lowerarm01.R"), at("wrist.R")
    ball, head = at("toe2-1.R"), at("head")
    foot = body.vertices[body.weight_of("foot.R", "toe") > 0.5]
    floor = float(foot[:, 1].min()) - sole_m
    eye = at("eye.R")
    return Skeleton(
        spine_xy_m=tuple((float(at(n)[0]), float(at(n)[1])) for n in SPINE_JOINTS),
        hip_xyz_m=(float(hip[0]), float(hip[1]), float(hip[2])),
        shoulder_xyz_m=(float(shoulder[0]), float(shoulder[1]), float(shoulder[2])),
        thigh_m=float(np.linalg.norm(knee - hip)),
        shank_m=float(np.linalg.norm(ankle - knee)),
        upper_arm_m=float(np.linalg.norm(elbow - shoulder)),
        forearm_m=float(np.linalg.norm(wrist - elbow)),
        ankle_over_ball_m=(float(ankle[0] - ball[0]), float(ankle[1] - floor)),
        heel_over_ball_m=(float(foot[:, 0].min() - ball[0]), 0.0),
        toe_over_ball_m=(float(foot[:, 0].max() - ball[0]), 0.0),
        knee_z_m=float(hip[2]) + 0.012,
        ankle_z_m=float(hip[2]) + 0.012,
        hand_z_m=float(shoulder[2]) + 0.025,
        ear_over_head_m=_ear(body),
        nose_over_head_m=(float(_head_vertices(body)[:, 0].max() - head[0]), float(eye[1] - 0.035 - head[1])),
        eye_over_head_m=(float(eye[0] - head[0]) + 0.012, float(eye[1] - head[1])),
        mouth_over_head_m=(float(eye[0] - head[0]) + 0.015, float(eye[1] - 0.07 - head[1])),
    )


def _head_vertices(body: BodyMesh) -> FloatArray:
    return body.vertices[body.weight_of("head") > 0.5]


def _ear(body: BodyMesh) -> tuple[float, float]:
    """Middle of the ear: the part of the head that stands out farthest to the side."""
    head = _head_vertices(body)
    ear = head[head[:, 2] > 0.94 * head[:, 2].max()].mean(axis=0) - body.heads[body.bone("head")]
    return float(ear[0]), float(ear[1])
