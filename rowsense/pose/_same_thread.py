"""Lets a landmarker work in the thread that asks it.

MediaPipe's Python classes hand every call to a thread of their own, because the library must not be called by two
threads at once. Ours ask each landmarker from one thread only, and two hand-overs a frame cost a twentieth of the
time that the network takes.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, Final

#: What is asked for every picture. Creating and closing stay with the library's thread.
_OFTEN: Final = ("MpPoseLandmarkerDetectImage", "MpPoseLandmarkerCloseResult")


class _Here(Executor):
    """Does the work at once, in the thread that submits it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


def in_same_thread(landmarker: Any, signatures: tuple[Any, ...]) -> bool:
    """Have this landmarker's pictures looked at by whoever asks; one thread at a time may.

    ``signatures``: MediaPipe's own list of the functions that its library has. False, and all stays as it is, where
    MediaPipe is made otherwise than in the version this was written for.
    """
    dispatcher = getattr(landmarker, "_lib", None)
    library = getattr(dispatcher, "_lib", None)
    often = [one for one in signatures if getattr(one, "func_name", "") in _OFTEN]
    if library is None or len(often) < len(_OFTEN):
        return False
    for one in often:
        setattr(dispatcher, one.func_name, one.create_python_wrapper(library, _Here()))
    return True
