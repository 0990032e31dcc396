"""Settings of a club's server: sections of the same file as those of an analysis (``rowsense/settings.py``).

Secrets stand in files of their own, never in a setting: so nothing that shows settings can show one.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from rowsense.errors import UsageError
from rowsense.logs import VARIABLE
from rowsense.settings import FromOutside, Stage

#: Setting of a secret's file -> the variable by which libraries and our own code ask for it.
_SECRETS: Final[Mapping[str, str]] = {
    "metrics_token_file": "ROWSENSE_METRICS_TOKEN",
    "database_password_file": "PGPASSWORD",
    "s3_key_id_file": "AWS_ACCESS_KEY_ID",
    "s3_key_file": "AWS_SECRET_ACCESS_KEY",
}


class PlaceSettings(Stage):
    """Where a club's server keeps things and how it is reached."""

    store: str = Field(
        default="", description="folder of the store, or `postgresql://...` with `files`; empty: your data folder"
    )
    files: str = Field(
        default="", description="where the files are, if not in that folder: another one, or `s3://BUCKET/FOLDER?...`"
    )
    host: str = Field(default="127.0.0.1", description="which of the machine's addresses to listen on")
    port: int = Field(default=8050, ge=1, le=65535, description="port there")
    address: str = Field(default="", description="how people reach it; needed with another `host`")
    trusted_proxy: str = Field(
        default="127.0.0.1", description="address of the web server before it, where `address` is https; `*`: anybody's"
    )
    club_gb: float = Field(
        default=0, ge=0, description="room for all that each club keeps, in GB; 0: as much as the disk holds"
    )
    jobs: bool = Field(default=True, description="`false`: background work is left to `rowsense jobs run` elsewhere")
    log_json: bool = Field(default=False, description="say what happens as JSON lines; also `ROWSENSE_LOG_JSON=1`")
    secret_file: Path | None = Field(
        default=None, description="what sessions are signed with, where it is not `server.secret` in the store's folder"
    )
    metrics_token_file: Path | None = Field(
        default=None, description="a file with what `/metrics` wants to hear; without it this machine alone may ask"
    )
    database_password_file: Path | None = Field(
        default=None, description="a file with the password of the database, which then is in no address"
    )
    s3_key_id_file: Path | None = Field(default=None, description="a file with the id of the bucket's key")
    s3_key_file: Path | None = Field(default=None, description="a file with the bucket's secret key")


class JobSettings(Stage):
    """How background work is run, beside the pages or by ``rowsense jobs run``."""

    scheduler: str = Field(
        default="", description="a Dask scheduler, as `tcp://host:8786`; empty: workers of its own on this machine"
    )
    workers: int = Field(default=1, ge=1, description="how many of its own; one uses all cores")


class MailSettings(Stage):
    """The mail server through which a club's server sends; without a host it sends no mail."""

    host: str = Field(default="", description="name of the mail server; empty: no mail is sent")
    port: int = Field(default=587, ge=1, le=65535, description="its port")
    encryption: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="`starttls` (port 587), `tls` from the first byte (port 465), `none` (with a password: on this "
        "machine only)",
    )
    user: str = Field(default="", description="who signs in there; empty: nobody has to")
    password_file: Path | None = Field(default=None, description="a file with the password alone")
    sender: str = Field(default="", description="whom mail is from, as in `RowSense <rowing@club.org>`")
    ca_file: Path | None = Field(default=None, description="certificates to trust (PEM), where the club has its own")
    timeout_s: float = Field(default=20.0, gt=0, le=120, description="seconds to wait for it")
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


class ProviderSettings(Stage):
    """An OpenID provider by which members may sign in; without an issuer there is none."""

    issuer: str = Field(
        default="", description="as the provider writes it, as in `https://accounts.club.org`; empty: there is none"
    )
    client_id: str = Field(default="", description="what the provider calls this server")
    secret_file: Path | None = Field(default=None, description="a file with the client's secret alone")
    name: str = Field(
        default="your club's account", max_length=60, description='what people know it as: "Sign in with ..."'
    )

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


class UploadSettings(Stage):
    """What a club's server does with films that are sent to it."""

    find_rower: bool = Field(
        default=True,
        description="search each film that is here for its rower (3 s of both cores, one film at a time), and tell "
        "whoever sent it at once where she cannot be measured; `false`: the analysis tells",
    )


class ServerSettings(FromOutside):
    """All settings of a club's server. ``rowsense serve --check`` says which are not the usual ones."""

    server: PlaceSettings = PlaceSettings()
    jobs: JobSettings = JobSettings()
    mail: MailSettings = MailSettings()
    provider: ProviderSettings = ProviderSettings()
    uploads: UploadSettings = UploadSettings()


def put_into_environment(settings: PlaceSettings) -> None:
    """Put there what libraries and the processes that this one starts read: secrets of files, the form of the log.

    Raises
    ------
    UsageError
        A file cannot be read.
    """
    for name, variable in _SECRETS.items():
        path: Path | None = getattr(settings, name)
        if path is not None:
            os.environ[variable] = read_secret(path, f"server.{name}")
    if settings.log_json:
        os.environ[VARIABLE] = "1"


def read_secret(path: Path, setting: str) -> str:
    """What stands alone in a file.

    Raises
    ------
    UsageError
        It cannot be read, or is empty.
    """
    try:
        found = path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"setting {setting}: {path} cannot be read ({error})") from error
    if not found:
        raise UsageError(f"setting {setting}: {path} is empty; write the secret into it, alone")
    return found
