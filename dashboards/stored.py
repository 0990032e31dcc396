"""Files of a club's store over HTTP: from the disk where they lie on one, else only the bytes that were asked for."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterator

from flask import Response, request, send_file
from werkzeug.http import is_resource_modified

from rowsense.errors import OutputError
from rowsense.store.files import FileStore
from rowsense.store.local_files import LocalFiles

#: The most that one answer to an open range holds. A browser that has enough stops reading, and would keep one of
#: the server's threads waiting for as long as the page is open; so it is left to ask again.
RANGE_BYTES = 4 << 20
_OPEN_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def keep_range_short() -> None:
    """Have an open range of this request answered in a piece that no browser leaves unread."""
    asked = _OPEN_RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return
    first = int(asked.group(1))
    last = min(int(asked.group(2) or first + RANGE_BYTES), first + RANGE_BYTES - 1)
    request.environ["HTTP_RANGE"] = f"bytes={first}-{max(first, last)}"


def send_stored(files: FileStore, key: str, mimetype: str | None = None) -> Response | None:
    """One file, whole or the range that was asked for; None: it is not there.

    A file that a row names is never changed, so its key is the mark by which browsers ask for it again.

    Raises
    ------
    OutputError
        The file store cannot be asked.
    """
    kind = mimetype or mimetypes.guess_type(key)[0] or "application/octet-stream"
    etag = hashlib.sha256(key.encode()).hexdigest()[:32]
    if isinstance(files, LocalFiles):
        path = files.root / key
        if not path.is_file():
            return None
        return send_file(path.absolute(), conditional=True, etag=etag, max_age=0, mimetype=kind)
    size = files.size(key)
    return None if size is None else _from_afar(files, key, size, kind, etag)


def _from_afar(files: FileStore, key: str, size: int, kind: str, etag: str) -> Response:
    """As ``send_file`` answers, with no more read than is sent."""
    answer = Response(mimetype=kind)
    answer.set_etag(etag)
    answer.cache_control.no_cache = True
    answer.cache_control.max_age = 0
    answer.accept_ranges = "bytes"
    if not is_resource_modified(request.environ, etag, ignore_if_range=True):
        answer.status_code = 304
        return answer
    first, end = 0, size
    if request.range is not None and _still_means(etag):
        bounds = request.range.range_for_length(size)
        if bounds is None:
            answer.status_code = 416
            answer.content_range.set(None, None, size)
            return answer
        first, end = bounds
        answer.status_code = 206
        answer.content_range.set(first, end, size)
    if request.method != "HEAD":
        answer.response = _read(files, key, first, end)
    answer.content_length = end - first
    return answer


def _still_means(etag: str) -> bool:
    """Whether the range is one of this file, and not of one that the browser has from before."""
    of_before = request.if_range
    return of_before is None or of_before.etag is None or of_before.etag == etag


def _read(files: FileStore, key: str, first: int, end: int) -> Iterator[bytes]:
    """In pieces, so that memory stays flat. The answer has begun: what goes wrong breaks it off."""
    while first < end:
        piece = files.part(key, first, min(end, first + RANGE_BYTES))
        if not piece:
            raise OutputError(f"{key}: ended at byte {first}")
        yield piece
        first += len(piece)
