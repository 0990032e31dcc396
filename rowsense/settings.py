"""Frozen settings, one class per stage. Sources, last wins: defaults, a TOML file, ``ROWSENSE_*`` environment."""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from rowsense.errors import UsageError

_Kind = TypeVar("_Kind", bound=BaseSettings)


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


class MailSettings(_Stage):
    """The mail server through which a club's server sends; without a host it sends no mail."""

    host: str = Field(default="", description="name of the mail server; empty: no mail is sent")
    port: int = Field(default=587, ge=1, le=65535)
    encryption: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="starttls (port 587), tls from the first byte (port 465), none (this machine only)",
    )
    user: str = Field(default="", description="who signs in there; empty: nobody has to")
    password_file: Path | None = Field(default=None, description="a file with the password alone")
    sender: str = Field(default="", description="whom the mail is from, as in RowSense <rowing@club.org>")
    ca_file: Path | None = Field(default=None, description="certificates to trust (PEM); None: those of the system")
    timeout_s: float = Field(default=20.0, gt=0, le=120)
    most_per_hour: int = Field(default=200, ge=1, description="mails an hour; what is beyond waits")

    @property
    def is_on(self) -> bool:
        """Whether mail is sent."""
        return bool(self.host)

    @property
    def domain(self) -> str:
        """Of the sender's address."""
        return parseaddr(self.sender)[1].rpartition("@")[2]

    @model_validator(mode="after")
    def _whole(self) -> MailSettings:
        if not self.host:
            return self
        if "@" not in parseaddr(self.sender)[1][1:] or any(letter in self.sender for letter in "\r\n"):
            raise ValueError("with a mail host, sender says whom mail is from, as in RowSense <rowing@club.org>")
        if bool(self.user) != (self.password_file is not None):
            raise ValueError("user and password_file of the mail server go together")
        if self.encryption == "none" and self.user and not is_loopback(self.host):
            raise ValueError("the password would travel unencrypted; set encryption to starttls or tls")
        return self


class ProviderSettings(_Stage):
    """An OpenID provider by which members may sign in; without an issuer there is none."""

    issuer: str = Field(default="", description="as the provider writes it, as in https://accounts.club.org")
    client_id: str = Field(default="", description="what the provider calls this server")
    secret_file: Path | None = Field(default=None, description="a file with the client's secret alone")
    name: str = Field(default="your club's account", max_length=60, description="what people know it as")

    @property
    def is_on(self) -> bool:
        """Whether one may sign in by it."""
        return bool(self.issuer)

    @model_validator(mode="after")
    def _whole(self) -> ProviderSettings:
        if not self.issuer:
            return self
        parts = urlsplit(self.issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ValueError("issuer is an https address, as the provider writes it")
        if not parts.hostname or parts.query or parts.fragment:
            raise ValueError("issuer is the provider's address alone")
        if not self.client_id or self.secret_file is None:
            raise ValueError("an issuer needs client_id and secret_file, which the provider gives out")
        return self


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _FromOutside(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="ROWSENSE_", env_nested_delimiter="__", frozen=True, extra="ignore", toml_file=None
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
        """Explicit values first, then the environment, then ``rowsense.toml`` in the current folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path("rowsense.toml"))


class UploadSettings(_Stage):
    """What a club's server does with films that are sent to it."""

    find_rower: bool = Field(
        default=True,
        description="look for the rower in each film that is here, and say at once where she cannot be measured",
    )


class ServerSettings(_FromOutside):
    """What a club's server needs to know beside the options of ``rowsense serve``."""

    secret_file: Path | None = Field(
        default=None, description="what sessions are signed with; None: server.secret in the store's folder"
    )
    mail: MailSettings = MailSettings()
    provider: ProviderSettings = ProviderSettings()
    uploads: UploadSettings = UploadSettings()


class Settings(_FromOutside):
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
        One of them is wrong; the words say which.
    """
    try:
        return kind(**given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        # What belongs together is shown by its words alone: it may hold more than is asked about.
        got = "" if isinstance(first["input"], Mapping) else f" (got {first['input']!r})"
        raise UsageError(f"setting {place}: {first['msg']}{got}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"rowsense.toml: cannot be read ({error}); mend or remove it") from error
    except SettingsError as error:
        raise UsageError(f"settings in the environment: {error}; mend or unset the ROWSENSE_ variable") from error
