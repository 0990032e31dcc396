"""Frozen settings, one class per stage. Last wins: defaults, one TOML file, ``ROWSENSE_*`` environment, options.

The file is ``rowsense.toml`` in the current folder, or the one that ``ROWSENSE_CONFIG`` names. It may hold what an
analysis takes and what a club's server takes (``rowsense/server_settings.py``) beside each other.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from rowsense.errors import UsageError

_Kind = TypeVar("_Kind", bound=BaseSettings)
#: The environment's variable that names another file.
CONFIG: Final = "ROWSENSE_CONFIG"
PREFIX: Final = "ROWSENSE_"
#: Where ``rowsense push`` sends films: no section, though one is called so.
PUSHED_TO: Final = "ROWSENSE_SERVER"
#: Sections of the same file that :class:`rowsense.server_settings.ServerSettings` reads; a test compares them.
SERVER_SECTIONS: Final = ("server", "jobs", "mail", "provider", "uploads")
#: Variables that are older than the section, and mean what its setting of that name means.
_OF_ITS_OWN: Final = ("ROWSENSE_LOG_JSON",)
#: A password in the address of a database.
_PASSWORD: Final = re.compile(r"(://[^:/@\s]*:)[^@\s]*@")


def config_file() -> Path:
    """The file that is read, whether it is there or not."""
    return Path(os.environ.get(CONFIG) or "rowsense.toml").expanduser()


class Stage(BaseModel):
    """The settings of one stage; what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class VideoSettings(Stage):
    """Reading the file."""

    from_s: float | None = Field(default=None, ge=0, description="first second to analyse, file time")
    to_s: float | None = Field(default=None, gt=0, description="end of the analysed range, file time")
    speed: float | None = Field(
        default=None, gt=0, description="playback seconds per real second of slow-motion video; None: from the file"
    )
    region_px: int = Field(
        default=256, ge=160, description="least side of the square around the rower in the shrunk picture"
    )


class PoseSettings(Stage):
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


class SpineSettings(Stage):
    """Back line and spine angles."""

    cutoff_hz: float = Field(default=3.0, gt=0, description="zero-phase low-pass of the spine angles")


class StrokeSettings(Stage):
    """Stroke detection."""

    min_rate_spm: float = Field(default=12.0, gt=0)
    max_rate_spm: float = Field(default=48.0, gt=0)


class AssessSettings(Stage):
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


class FromOutside(BaseSettings):
    """Settings that are read from file and environment. A variable that is empty counts as not there."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", env_ignore_empty=True, frozen=True, extra="ignore", toml_file=None
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values first, then the environment, then the file."""
        if isinstance(env_settings, EnvSettingsSource):
            named = env_settings.env_vars.items()
            env_settings.env_vars = {name: value for name, value in named if name.upper() != PUSHED_TO}
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())


class Settings(FromOutside):
    """All settings of one analysis."""

    video: VideoSettings = VideoSettings()
    pose: PoseSettings = PoseSettings()
    spine: SpineSettings = SpineSettings()
    strokes: StrokeSettings = StrokeSettings()
    assess: AssessSettings = AssessSettings()


def read_settings(kind: type[_Kind], **given: Any) -> _Kind:
    """The settings from outside, with those that are given here before them.

    Raises
    ------
    UsageError
        Something is wrong or not known; the words say all of it, and no password.
    """
    file = config_file()
    try:
        _check_names(kind, file)
        return kind(**given)
    except ValidationError as error:
        raise UsageError("; ".join(_words(one, kind) for one in error.errors())) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"{file}: cannot be read ({error}); mend or remove it") from error
    except SettingsError as error:
        raise UsageError(f"settings in the environment: {error}; mend or unset the ROWSENSE_ variable") from error


def without_password(address: str) -> str:
    """An address as it may be shown."""
    return _PASSWORD.sub(r"\1***@", address)


def nearest(name: str, known: Collection[str], form: str = "{}") -> str:
    """What somebody may have meant, to be put behind what is wrong; empty: nothing is like it."""
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {form.format(found[0])}?" if found else ""


def _words(error: Any, kind: type[BaseSettings]) -> str:
    """One mistake. What is not known is named without its value, which may be a password in the wrong place."""
    place = [str(part) for part in error["loc"]]
    if error["type"] == "extra_forbidden":
        return f"setting {'.'.join(place)}: is not known{nearest(place[-1], _fields(kind, place[0]), place[0] + '.{}')}"
    # What belongs together is shown by its words alone: it may hold more than is asked about.
    value = error["input"]
    got = "" if isinstance(value, Mapping) else f" (got {without_password(repr(value))})"
    said = error["msg"].removeprefix("Value error, ")  # pydantic's own word before ours
    return f"setting {'.'.join(place)}: {said}{got}"


def _fields(kind: type[BaseSettings], section: str) -> Collection[str]:
    field = kind.model_fields.get(section)
    found = field.annotation if field is not None else None
    return tuple(found.model_fields) if isinstance(found, type) and issubclass(found, BaseModel) else ()


def _check_names(kind: type[BaseSettings], file: Path) -> None:
    """Refuse sections of the file and variables that nothing reads, and a file that was named and is not there.

    Raises
    ------
    UsageError
        With all of them, each with the nearest name.
    """
    if os.environ.get(CONFIG) and not file.is_file():
        raise UsageError(f"{file}: is not there; {CONFIG} or --config names it")
    known = (*Settings.model_fields, *SERVER_SECTIONS)
    told = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    problems = [f"{file}: [{name}] is not known{nearest(name, known, '[{}]')}" for name in told if name not in known]
    for variable in sorted(name for name in os.environ if name.upper().startswith(PREFIX)):
        section, nested, _ = variable[len(PREFIX) :].lower().partition("__")
        if nested and section not in known:
            shown = [name.upper() for name in known]
            problems.append(f"{variable}: is not known{nearest(section.upper(), shown, PREFIX + '{}__...')}")
        elif not nested and section in _fields(kind, "server") and variable.upper() not in _OF_ITS_OWN:
            problems.append(f"{variable}: is not known; did you mean {PREFIX}SERVER__{section.upper()}?")
    if problems:
        raise UsageError("; ".join(problems))
