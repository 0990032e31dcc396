"""The file store in a bucket of an S3-compatible server.

An object appears when it has come in whole, so nothing half-written can be read; of an upload that was cut off the
server keeps parts that nobody sees, until its own rule for such parts clears them. Keys and their secret are read from
where AWS programs look for them: ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY``, or the machine's role.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from rowsense.errors import AwayError, OutputError, UsageError
from rowsense.store.files import StoredFile, is_prefix
from rowsense.store.local_files import gone, opened

if TYPE_CHECKING:
    from obstore.store import S3Config

SCHEME: Final = "s3"
#: Larger files are sent in parts of this size, so that a lost part alone is sent again. 5 MB is the least [R: S3 API].
PART_BYTES: Final = 8 << 20
#: A server that is away for longer is said to be; who waits is told to try again, and nothing is lost [D].
_RETRY_S: Final = 20.0
_PARALLEL: Final = 8
_PROBE: Final = ".probe"
_OPTIONS: Final = ("endpoint", "region")
_PROBLEMS: Final = (BaseError, OSError)


@dataclass(frozen=True, slots=True)
class BucketFiles:
    """A :class:`~rowsense.store.files.FileStore` in a bucket; keys are the objects' names."""

    address: str
    """What :func:`open_bucket` was given."""
    bucket: S3Store

    @property
    def place(self) -> str:
        """The bucket and the folder, for words."""
        return self.address.partition("?")[0].rstrip("/")

    def put(self, source: Path, key: str) -> None:
        """Send it; the object is there when the last part is acknowledged."""
        with opened(source) as read:
            try:
                obstore.put(self.bucket, key, read, chunk_size=PART_BYTES)
            except _PROBLEMS as error:
                self._failed(key, "cannot be written", error)

    def duplicate(self, key: str, other: str) -> None:
        """A copy that the server makes."""
        try:
            obstore.copy(self.bucket, key, other)
        except FileNotFoundError as error:
            raise gone(f"{self.place}/{key}") from error
        except _PROBLEMS as error:
            self._failed(other, "cannot be written", error)

    @contextmanager
    def fetch(self, prefix: str, names: Collection[str] = ()) -> Iterator[Path]:
        """Copies in a folder that goes with the block."""
        wanted = [f"{prefix}/{name}" for name in names] or [one.key for one in self.listed(prefix)]
        if not wanted:
            raise gone(f"{self.place}/{prefix}")
        with tempfile.TemporaryDirectory(prefix="rowsense-") as scratch:
            folder = Path(scratch)
            with ThreadPoolExecutor(_PARALLEL) as pool:
                list(pool.map(lambda key: self._copy(key, folder / key.removeprefix(f"{prefix}/")), wanted))
            yield folder

    def size(self, key: str) -> int | None:
        """One question, without the content."""
        try:
            return int(obstore.head(self.bucket, key)["size"])
        except FileNotFoundError:
            return None
        except _PROBLEMS as error:
            self._failed(key, "cannot be asked for", error)

    def part(self, key: str, first: int, end: int) -> bytes:
        """One request for these bytes alone. The server refuses one that begins behind the end: nothing is there."""
        if end <= first:
            return b""
        try:
            return bytes(obstore.get_range(self.bucket, key, start=first, end=end))
        except FileNotFoundError as error:
            raise gone(f"{self.place}/{key}") from error
        except _PROBLEMS as error:
            if (size := self.size(key)) is not None and first >= size:
                return b""
            self._failed(key, "cannot be read", error)

    def listed(self, prefix: str = "") -> Iterator[StoredFile]:
        """Every object below the folder."""
        try:
            for batch in obstore.list(self.bucket, prefix or None):
                for one in batch:
                    yield StoredFile(one["path"], one["size"])
        except _PROBLEMS as error:
            self._failed(prefix, "cannot be listed", error)

    def remove(self, prefix: str) -> None:
        """Delete every object of the folder."""
        if not is_prefix(prefix):
            raise ValueError(f"{prefix!r} is no folder of a club")
        try:
            obstore.delete(self.bucket, [one.key for one in self.listed(prefix)])
        except _PROBLEMS as error:
            self._failed(prefix, "cannot be removed", error)

    def probe(self) -> None:
        """Write a small object and take it away again, to see that both are allowed.

        Raises
        ------
        AwayError
            The bucket cannot be reached, or takes nothing.
        """
        try:
            obstore.put(self.bucket, _PROBE, b"x")
            obstore.delete(self.bucket, _PROBE)
        except _PROBLEMS as error:
            self._failed(_PROBE, "cannot be written", error)

    def _copy(self, key: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with target.open("wb") as written:
                for part in obstore.get(self.bucket, key):
                    written.write(part)
        except FileNotFoundError as error:
            raise gone(f"{self.place}/{key}") from error
        except _PROBLEMS as error:
            self._failed(key, "cannot be read", error)

    def _failed(self, key: str, what: str, error: Exception) -> NoReturn:
        # The library appends its own state, many lines of it.
        why = str(error).splitlines()[0].split(": <?xml")[0] if str(error) else type(error).__name__
        kind = OutputError if isinstance(error, FileNotFoundError) else AwayError
        raise kind(f"{self.place}/{key}: {what} ({why}); see that the bucket can be reached") from error


def open_bucket(address: str) -> BucketFiles:
    """The bucket at ``s3://BUCKET[/FOLDER][?endpoint=https://...&region=...]``; nothing is asked of it yet.

    Raises
    ------
    UsageError
        That is no such address.
    """
    asked = urlsplit(address)
    options = {name: values[-1] for name, values in parse_qs(asked.query).items()}
    unknown = sorted(options.keys() - set(_OPTIONS))
    if asked.scheme != SCHEME or not asked.netloc or unknown or asked.username is not None:
        raise UsageError(
            f"{address}: is no bucket; write s3://BUCKET/FOLDER?endpoint=https://HOST&region=REGION, and the keys into "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    endpoint = options.get("endpoint")
    config: S3Config = {"region": options.get("region", "us-east-1")}
    if endpoint:
        config |= {"endpoint": endpoint, "virtual_hosted_style_request": False}
    bucket = S3Store(
        asked.netloc,
        prefix=asked.path.strip("/") or None,
        config=config,
        client_options={"allow_http": True} if endpoint and endpoint.startswith("http://") else None,
        retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=_RETRY_S)},
    )
    return BucketFiles(address, bucket)
