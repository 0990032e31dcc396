"""From the shape of the back to pelvis and spine: a fixed smooth function, fitted on simulated rowers.

The function is a kernel ridge regression with few centres: linear in the leading components of the shape, plus
Gaussian bumps around ``centres``. Far away from everything it was fitted on, the bumps vanish and the linear part
is left. Its numbers are in ``shape_model.toml``, which says how they were made (``rowsense.studies.spine_fit``).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rowsense.model._checks import Problems

FloatArray = NDArray[np.float64]

DATA_FILE = "shape_model.toml"

#: A feature further than this many standard deviations from its mean counts as this far. [D] 1 in 16,000 for a
#: normal distribution: beyond it the outline is more likely wrong than the rower unusual.
MAX_FEATURE_SDS = 4.0


@dataclass(frozen=True, slots=True)
class ShapeModel:
    """Numbers of the function; F features, C components, M centres, 3 outputs."""

    feature_mean: FloatArray
    """(F,)"""
    feature_sd: FloatArray
    """(F,)"""
    components: FloatArray
    """(F, C) projection of the standardised features."""
    centres: FloatArray
    """(M, C)"""
    bump_width: float
    """Standard deviation of the bumps."""
    weights: FloatArray
    """(M + C, 3) of the bumps, then of the components."""
    intercept_deg: FloatArray
    """(3,) pelvic tilt minus trunk lean, lumbar flexion, thoracic flexion."""
    variance_deg2: FloatArray
    """(3, 3) rows: outputs; columns: always, per unseen part of the outline, per unfamiliarity."""
    offset_sd_deg: FloatArray
    """(3,) spread between bodies of the error that is constant over a clip."""

    def __post_init__(self) -> None:
        features, components = self.components.shape
        problems = Problems("ShapeModel")
        problems.shape("feature_mean", self.feature_mean, (features,))
        problems.shape("feature_sd", self.feature_sd, (features,))
        problems.shape("centres", self.centres, (None, components))
        problems.shape("weights", self.weights, (len(self.centres) + components, 3))
        problems.shape("intercept_deg", self.intercept_deg, (3,))
        problems.shape("variance_deg2", self.variance_deg2, (3, 3))
        problems.shape("offset_sd_deg", self.offset_sd_deg, (3,))
        problems.require(bool((self.variance_deg2 >= 0).all()), "variances must not be negative")
        problems.raise_if_any()

    def predict(self, features: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Outputs (T, 3) in degrees and unfamiliarity (T,) for features (T, F); NaN where a feature is NaN.

        Unfamiliarity is 0 at a centre and tends to 1 far away from all of them.
        """
        whole = np.isfinite(features).all(axis=1)
        angles = np.full((len(features), 3), np.nan)
        unfamiliar = np.full(len(features), np.nan)
        rows = np.flatnonzero(whole)
        for first in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[first : first + ROWS_AT_ONCE]
            basis, nearest = self._basis(features[part])
            angles[part] = basis @ self.weights + self.intercept_deg
            unfamiliar[part] = 1.0 - nearest
        return angles, unfamiliar

    def _basis(self, features: FloatArray) -> tuple[FloatArray, FloatArray]:
        place = project(features, self.feature_mean, self.feature_sd, self.components)
        bumps = bump_values(place, self.centres, self.bump_width)
        nearest = bumps.max(axis=1, initial=0.0)
        return np.hstack([bumps, place]), nearest


def project(features: FloatArray, mean: FloatArray, sd: FloatArray, components: FloatArray) -> FloatArray:
    """Standardise (T, F), hold to ``MAX_FEATURE_SDS`` and project: (T, C)."""
    return np.asarray(np.clip((features - mean) / sd, -MAX_FEATURE_SDS, MAX_FEATURE_SDS) @ components)


def bump_values(place: FloatArray, centres: FloatArray, width: float) -> FloatArray:
    """Gaussian bumps (T, M) of places (T, C) around centres (M, C)."""
    distance2 = (place**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1) - 2.0 * place @ centres.T
    return np.asarray(np.exp(-np.maximum(distance2, 0.0) / (2.0 * width**2)))


ROWS_AT_ONCE = 2048
"""Frames estimated at a time: keeps the working copies of a long video small."""


@cache
def load_shape_model() -> ShapeModel:
    """The model that ships with the package."""
    text = resources.files("rowsense.spine").joinpath(DATA_FILE).read_text(encoding="utf-8")
    return model_from(tomllib.loads(text))


def model_from(table: dict[str, Any]) -> ShapeModel:
    """Build the model from the data file's table; arrays are written as rows of numbers in text."""

    def array(name: str) -> FloatArray:
        rows = [[float(x) for x in line.split()] for line in table[name].strip().splitlines()]
        return np.array(rows)

    return ShapeModel(
        feature_mean=array("feature_mean")[0],
        feature_sd=array("feature_sd")[0],
        components=array("components"),
        centres=array("centres"),
        bump_width=float(table["bump_width"]),
        weights=array("weights"),
        intercept_deg=array("intercept_deg")[0],
        variance_deg2=array("variance_deg2"),
        offset_sd_deg=array("offset_sd_deg")[0],
    )
