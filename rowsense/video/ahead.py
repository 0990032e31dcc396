"""Decoding ahead of whoever looks at the frames."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rowsense.model import Frame

#: How often a full queue is asked whether anybody still takes from it, seconds.
_PATIENCE_S = 0.1


@contextmanager
def fetched_ahead(frames: Iterable[Frame], count: int) -> Iterator[Iterator[Frame]]:
    """The same frames, fetched by a thread of its own that is at most ``count`` ahead and ends with the context.

    What goes wrong while fetching is raised where the frame was to come.
    """
    waiting: queue.Queue[Frame | BaseException | None] = queue.Queue(count)
    left = threading.Event()

    def put(item: Frame | BaseException | None) -> None:
        while not left.is_set():
            try:
                waiting.put(item, timeout=_PATIENCE_S)
            except queue.Full:
                continue
            return

    def fetch() -> None:
        try:
            for frame in frames:
                put(frame)
                if left.is_set():
                    return
            put(None)
        except BaseException as error:  # handed to the thread that waits for the frame
            put(error)

    def taken() -> Iterator[Frame]:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    fetcher = threading.Thread(target=fetch, daemon=True)
    fetcher.start()
    try:
        yield taken()
    finally:
        left.set()
        fetcher.join()
