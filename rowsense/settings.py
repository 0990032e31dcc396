"""Frozen settings, one class per stage. Sources, last wins: defaults, a TOML file, ``ROWSENSE_*`` environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class _Stage(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VideoSettings(_Stage):
    """Reading the file."""

    from_s: float | None = Field(default=None, ge=0, description="first second to analyse, file time")
    to_s: float | None = Field(default=None, gt=0, description="end of the analysed range, file time")
    speed: float | None = Field(
        default=None, gt=0, description="playback seconds per real second of slow-motion video; None: from the file"
    )
    region_px: int = Field(
        default=256, ge=160, description="least side of the square around the rower in the shrunk picture"
    )


class PoseSettings(_Stage):
    """Pose model and inference."""

    model: str = Field(default="full", description="known model id or a path to a .task file")
    stride: int = Field(
        default=0, ge=0, le=4, description="infer every n-th frame, interpolate between; 0: chosen from the frame rate"
    )
    workers: int = Field(default=0, ge=0, description="inference threads; 0: one per core, at most 4")
    rower: int | None = Field(default=None, ge=1, description="which of the people found, 1 = nearest; None: chosen")
    min_visibility: float = Field(default=0.3, ge=0, le=1, description="landmarks below are treated as missing")
    max_gap_s: float = Field(default=0.2, ge=0, description="longest gap filled by interpolation")
    cutoff_hz: float | None = Field(
        default=None, gt=0, description="zero-phase low-pass of landmark positions; None: from the stroke rate"
    )


class SpineSettings(_Stage):
    """Back line and spine angles."""

    cutoff_hz: float = Field(default=3.0, gt=0, description="zero-phase low-pass of the spine angles")


class StrokeSettings(_Stage):
    """Stroke detection."""

    min_rate_spm: float = Field(default=12.0, gt=0)
    max_rate_spm: float = Field(default=48.0, gt=0)


class AssessSettings(_Stage):
    """Judgement."""

    catalogue: Path | None = Field(default=None, description="another catalogue file; None: the built-in one")
    changes: dict[str, Any] = Field(
        default_factory=dict, description="changes laid over the catalogue, as rowsense/assess/changes.py reads them"
    )
    style: str = Field(
        default="",
        description="the rower's chosen style; sequence faults are judged against it; empty: the catalogue's",
    )
    level: str = Field(
        default="", description="the rower's level, which may have its own limits; empty: the catalogue's"
    )
    height_cm: float | None = Field(
        default=None, ge=100, le=230, description="the rower's height, for lengths in metres; None: no metres"
    )


class Settings(BaseSettings):
    """All settings of one analysis."""

    model_config = SettingsConfigDict(
        env_prefix="ROWSENSE_", env_nested_delimiter="__", frozen=True, extra="ignore", toml_file=None
    )
    video: VideoSettings = VideoSettings()
    pose: PoseSettings = PoseSettings()
    spine: SpineSettings = SpineSettings()
    strokes: StrokeSettings = StrokeSettings()
    assess: AssessSettings = AssessSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values first, then the environment, then ``rowsense.toml`` in the current folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path("rowsense.toml"))
