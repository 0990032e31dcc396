"""What the camera's sensor and its program make of the light: blur, tone, noise, sharpening, compression."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.light import LightSpec, flicker, gain_map, light_colour, veil_map
from rowsense.simulate.raster import add_noise, expose

FloatArray = NDArray[np.float64]
Picture = NDArray[np.uint8]
NoiseTile = NDArray[np.int8]

_TILE_SHAPE = (521, 769)
#: Noise is cut here, or at four standard deviations where that is more, so that it fits a byte [D].
_NOISE_LIMIT = 9.0


@dataclass(frozen=True, slots=True)
class SensorSpec:
    """From light to picture. Defaults leave a picture as it is."""

    exposure_ev: float = 0.0
    """Stops brighter (+) or darker (-); what is too bright clips."""
    contrast_ratio: float = 1.0
    """Spread about mid grey."""
    gamma: float = 1.0
    """Below 1 lifts the shadows."""
    saturation_ratio: float = 1.0
    white_balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Gain of red, green and blue."""
    exposure_s: float = 0.0
    """How long the shutter is open, seconds: what moves is smeared over that time, the middle of it being the
    frame's time. An approximation: four moments, each in a quarter of the samples of a pixel."""
    defocus_px: float = 0.0
    """Standard deviation of an unsharp lens, pixels of the finished picture."""
    detail_ratio: float = 1.0
    """Size of the picture that is scaled up to the finished one."""
    sharpen_ratio: float = 0.0
    """How much a phone's program overdraws edges (halos)."""
    noise_colour_ratio: float = 0.0
    """0 = noise is grey, 1 = each colour has its own."""
    noise_grain_px: float = 0.0
    """Blotchiness: standard deviation of the blur of the noise, in pixels."""
    jpeg_quality: int | None = None
    """Every picture through JPEG, 1..100: blocks and rings without making a video."""


def noise_tile(seed: int, noise_sd: float, sensor: SensorSpec) -> NoiseTile:
    """A tile of noise in grey levels, (h, w), or (h, w, 3) where colours differ."""
    rng = np.random.default_rng([77, seed])
    noise = rng.normal(0, noise_sd, _TILE_SHAPE)
    if sensor.noise_colour_ratio > 0.0:
        own = rng.normal(0, noise_sd, (*_TILE_SHAPE, 3))
        noise = np.sqrt(1.0 - 0.5 * sensor.noise_colour_ratio) * noise[..., None] + sensor.noise_colour_ratio * own
    if sensor.noise_grain_px > 0.0:
        blotchy = cv2.GaussianBlur(noise, (0, 0), sensor.noise_grain_px)
        noise = np.asarray(blotchy * (noise.std() / max(blotchy.std(), 1e-9)))
    limit = min(max(_NOISE_LIMIT, 4.0 * noise_sd), 127.0)
    return np.clip(np.round(noise), -limit, limit).astype(np.int8)


class Sensor:
    """Holds what does not change over a clip; ``finish`` makes the picture that is kept."""

    def __init__(
        self, sensor: SensorSpec, light: LightSpec, noise_sd: float, seed: int, size_px: tuple[int, int],
        glare_px: FloatArray,
    ) -> None:  # fmt: skip
        self.spec, self._light, self._seed = sensor, light, seed
        width, height = size_px
        self._full = size_px
        self._small = (
            max(int(round(width * sensor.detail_ratio)), 16),
            max(int(round(height * sensor.detail_ratio)), 16),
        )
        self._tone = _tone_tables(sensor, light)
        scale = np.array(self._small) / np.array(size_px)
        self._gain = gain_map(light, *self._small)
        self._veil = veil_map(light, glare_px * scale, *self._small)
        self._plain = bool(
            np.all(self._gain == 1.0) and np.all(self._veil == 0.0) and light.flicker_ratio == 0.0
            and np.array_equal(self._tone, np.tile(np.arange(256, dtype=np.uint8), (3, 1)))
        )  # fmt: skip
        # Photon noise: half the light, the root of two times the noise after the camera's gain.
        scarce = max(1.0 / min(max(light.level_ratio, 0.05), 1.0), 1.0) ** 0.5
        self._noise = noise_tile(seed, noise_sd * scarce, sensor)

    def finish(self, picture: Picture, index: int, time_s: float) -> Picture:
        """What is kept of frame ``index``; ``picture`` may be changed."""
        spec = self.spec
        if spec.defocus_px > 0.0:
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), spec.defocus_px), dtype=np.uint8)
        if self._small != self._full:
            picture = np.asarray(cv2.resize(picture, self._small, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        if not self._plain:
            expose(picture, self._gain, self._veil, self._tone, flicker(self._light, time_s))
        if spec.saturation_ratio != 1.0:
            picture = _saturated(picture, spec.saturation_ratio)
        dx, dy = np.random.default_rng([self._seed, index]).integers(0, 500, 2)
        noise = self._noise if self._noise.ndim == 3 else self._noise[..., None]
        add_noise(picture, noise, int(dx), int(dy))
        if spec.sharpen_ratio > 0.0:
            soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
            picture = np.asarray(cv2.addWeighted(picture, 1.0 + spec.sharpen_ratio, soft, -spec.sharpen_ratio, 0.0))
        if self._small != self._full:
            picture = np.asarray(cv2.resize(picture, self._full, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
        return picture if spec.jpeg_quality is None else _through_jpeg(picture, spec.jpeg_quality)


def _tone_tables(sensor: SensorSpec, light: LightSpec) -> NDArray[np.uint8]:
    """(3, 256) what becomes of each level of red, green and blue."""
    gains = np.asarray(sensor.white_balance) * light_colour(light.temperature_k) * 2.0**sensor.exposure_ev
    light_in = np.arange(256)[None, :] / 255.0
    # What is brightest stays white whatever the colour of the light, as cameras do it.
    less = np.maximum(1.0 - gains / gains.max(), 0.0)[:, None]
    level = gains[:, None] * (light_in + less * light_in**8 * gains.max() / gains[:, None])
    level = np.clip(level, 0.0, 1.0) ** sensor.gamma
    level = 0.5 + (level - 0.5) * sensor.contrast_ratio
    return np.clip(np.round(level * 255.0), 0, 255).astype(np.uint8)


def _saturated(picture: Picture, ratio: float) -> Picture:
    grey = np.full((3, 3), (1.0 - ratio) / 3.0) + ratio * np.eye(3)
    return np.asarray(cv2.transform(picture, grey), dtype=np.uint8)


def _through_jpeg(picture: Picture, quality: int) -> Picture:
    done, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise RuntimeError("OpenCV could not write a JPEG in memory")
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)
