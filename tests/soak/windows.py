"""The moments at which processes are killed, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Where: what ``rowsense serve`` starts on a laptop; the same with PostgreSQL and its files in a bucket; PostgreSQL, a
#: scheduler of its own and two workers.
ON_LAPTOP, IN_A_BUCKET, ON_A_CLUSTER = "laptop", "bucket", "cluster"
PLACES: Final = (ON_LAPTOP, IN_A_BUCKET, ON_A_CLUSTER)
#: What becomes of the film: it is analysed; it is one that browsers do not play; somebody poses in it; its session
#: becomes another rower's or is deleted, when it is analysed or while it is analysed once more.
ANALYSED, COPIED, POSED = "analysed", "copied", "posed"
MOVED, DELETED, MOVED_AT_WORK, DELETED_AT_WORK = "moved", "deleted", "moved at work", "deleted at work"
#: The session is changed when it is analysed.
AFTERWARDS: Final = frozenset({MOVED, DELETED, MOVED_AT_WORK, DELETED_AT_WORK})


@dataclass(frozen=True, slots=True)
class Window:
    """One kind of moment."""

    name: str
    stops: str
    """Which process is stopped there: ``web``, ``look``, ``runner``, ``worker`` or ``child`` (of a job)."""
    steps: tuple[tuple[str, str], ...]
    """What it has done by then, in this order: an event, and what the name of the file it is about has in it, or for
    ``commit`` what it writes, as in ``INSERT INTO sessions``; none: the film is cut off in its last part."""
    skips: tuple[int, int] = (0, 0)
    """How often the last of these happens before it counts, from and to; the run's seed chooses."""
    kills: str = ""
    """Which process is killed meanwhile; empty: the one that is stopped. ``scheduler`` and ``database`` too, and
    ``bucket``, which takes nothing for a while."""
    early: bool = False
    """Armed before the first part of the film is sent; otherwise before the last."""
    place: str = ON_LAPTOP
    """One of :data:`PLACES`."""
    what: str = ANALYSED
    """What becomes of the film."""

    @property
    def victim(self) -> str:
        """Who dies."""
        return self.kills or self.stops


LAPTOP = (
    Window("web: half of a part of the film has come", "web", ()),
    Window("web: a part of the film is to be written", "web", (("fcntl.flock", ""),), (0, 2), early=True),
    Window("web: the film is whole, its row does not say so", "web", (("open", ".part"), ("commit", ""))),
    Window("look: the film is being looked at", "look", (("open", ".part"),)),
    Window("web: looked at, and not noted", "web", (("open", ".part"), ("commit", "")), (1, 1)),
    Window("web: the film is claimed, its rows are not there", "web", (("os.link", ""), ("commit", ""))),
    Window("web: session and job are there, the upload still holds the film", "web", (("os.remove", ".part"),)),
    Window("runner: takes a job", "runner", (("commit", ""),)),
    Window("worker: begins a job, tells of it or ends it", "worker", (("commit", ""),), (0, 4)),
    Window("child: what was analysed is half there", "child", (("shutil.copytree", ""),)),
    Window("child: what was analysed is to be moved in", "child", (("os.rename", "partial"),)),
    Window("child: writes the files of the session", "child", (("os.rename", ".part"),), (0, 6)),
    Window("child: files are there, rows are not", "child", (("os.rename", ".part"), ("commit", ""))),
    Window("child: rows are there, nobody knows", "child", (("commit", ""),), (2, 2)),
    Window("worker killed while its job writes", "child", (("os.rename", ".part"),), (0, 6), kills="worker"),
    Window("runner killed while a job writes", "child", (("os.rename", ".part"),), (0, 6), kills="runner"),
    Window("web killed while a job writes", "child", (("os.rename", ".part"),), (0, 6), kills="web"),
    Window("copy: it is made, or comes into the store", "child", (("os.rename", "film.mp4"),), (0, 1), what=COPIED),
    Window("copy: it is to come beside its film", "child", (("os.link", "film.mp4"),), what=COPIED),
    Window("copy: it is there, and nobody knows", "child", (("os.link", "film.mp4"), ("commit", "")), what=COPIED),
    Window(
        "copy: the worker", "child", (("os.rename", "film.mp4"),), (0, 1), kills="worker", what=COPIED,
    ),
    Window(
        "calibration: its film is claimed, rows are not there", "web", (("os.link", ""), ("commit", "")), what=POSED,
    ),
    Window("calibration: she is measured", "child", (("open", "own.pose"),), what=POSED),
    Window("calibration: measured, and not kept", "child", (("open", "own.pose"), ("commit", "")), what=POSED),
    Window("calibration: the worker", "child", (("open", "own.pose"),), kills="worker", what=POSED),
    Window("calibration: its worker begins, tells of it or ends it", "worker", (("commit", ""),), (0, 3), what=POSED),
    Window("moved: the session is to be another rower's", "web", (("commit", "UPDATE sessions"),), what=MOVED),
    Window("moved: the new analysis is written", "child", (("os.rename", ".part"),), (0, 6), what=MOVED),
    Window("moved: while it is analysed again", "child", (("os.rename", ".part"),), (0, 6), what=MOVED_AT_WORK),
    Window("deleted: the rows of a session go", "web", (("commit", "DELETE FROM sessions"),), what=DELETED),
    Window("deleted: the files of a session go", "web", (("shutil.rmtree", ""),), (0, 1), what=DELETED),
    Window("deleted: while it is analysed again", "child", (("os.rename", ".part"),), (0, 6), what=DELETED_AT_WORK),
    Window(
        "deleted: while it is analysed again, the worker", "child", (("os.rename", ".part"),), (0, 6), kills="worker",
        what=DELETED_AT_WORK,
    ),
)  # fmt: skip
#: The library that speaks to the bucket tells of nothing, so moments are those before a file is opened to be sent.
_SENT = (("open", "analysed/"),)
BUCKET = (
    Window(
        "bucket: a film is to be sent there", "web", (("commit", "INSERT INTO file_claims"), ("open", ".part")),
        place=IN_A_BUCKET,
    ),
    Window(
        "bucket: a film is there, its rows are not", "web", (("commit", "INSERT INTO sessions"),), place=IN_A_BUCKET,
    ),
    Window("bucket: the upload still holds the film", "web", (("os.remove", ".part"),), place=IN_A_BUCKET),
    Window("bucket: a copy is to be sent", "child", (("open", "film.mp4"),), place=IN_A_BUCKET, what=COPIED),
    Window(
        "bucket: a copy is there, nobody knows", "child", (("open", "film.mp4"), ("commit", "")), (0, 1),
        place=IN_A_BUCKET, what=COPIED,
    ),
    Window("bucket: files of the session are sent", "child", _SENT, (0, 8), place=IN_A_BUCKET),
    Window(
        "bucket: files are there, rows are not", "child", (("open", "analysed/report.html"), ("commit", "")),
        place=IN_A_BUCKET,
    ),
    Window("bucket: worker killed while its job sends", "child", _SENT, (0, 8), kills="worker", place=IN_A_BUCKET),
    Window("bucket: runner killed while a job sends", "child", _SENT, (0, 8), kills="runner", place=IN_A_BUCKET),
    Window(
        "bucket: every connection to the database", "child", (("open", "analysed/report.html"), ("commit", "")),
        kills="database", place=IN_A_BUCKET,
    ),
    Window("bucket: it takes nothing for half a minute", "child", _SENT, (4, 8), kills="bucket", place=IN_A_BUCKET),
    Window("bucket: a calibration is measured", "child", (("open", "own.pose"),), place=IN_A_BUCKET, what=POSED),
    Window("bucket: a session is moved", "web", (("commit", "UPDATE sessions"),), place=IN_A_BUCKET, what=MOVED),
    Window(
        "bucket: the rows of a session go", "web", (("commit", "DELETE FROM sessions"),), place=IN_A_BUCKET,
        what=DELETED,
    ),
    Window(
        "bucket: the files of a session go", "web", (("commit", "DELETE FROM sessions"), ("commit",
        "DELETE FROM file_claims")), (0, 1), place=IN_A_BUCKET, what=DELETED,
    ),
    Window("bucket: deleted while its job sends", "child", _SENT, (0, 8), place=IN_A_BUCKET, what=DELETED_AT_WORK),
)  # fmt: skip
CLUSTER = (
    Window("cluster: the job's process", "child", (("os.rename", ".part"),), (0, 6), place=ON_A_CLUSTER),
    Window("cluster: the worker", "child", (("os.rename", ".part"),), (0, 6), kills="worker", place=ON_A_CLUSTER),
    Window("cluster: the runner", "child", (("os.rename", ".part"),), (0, 6), kills="runner", place=ON_A_CLUSTER),
    Window("cluster: the scheduler", "child", (("os.rename", ".part"),), (0, 6), kills="scheduler", place=ON_A_CLUSTER),
    Window(
        "cluster: every connection to the database", "child", (("os.rename", ".part"), ("commit", "")),
        kills="database", place=ON_A_CLUSTER,
    ),
    Window("parts: the job looks at some", "child", (("open", "own.part"),), (0, 5), place=ON_A_CLUSTER),
    Window("parts: the job keeps one", "child", (("open", "own.part"), ("commit", "")), (0, 5), place=ON_A_CLUSTER),
    Window("parts: a helper looks at some", "child", (("open", "helper.part"),), place=ON_A_CLUSTER),
    Window("parts: a helper keeps one", "child", (("open", "helper.part"), ("commit", "")), place=ON_A_CLUSTER),
    Window("parts: a helper's worker", "child", (("open", "helper.part"),), kills="worker", place=ON_A_CLUSTER),
    Window("films: the job draws a part", "child", (("open", "own.film"),), (0, 5), place=ON_A_CLUSTER),
    Window("films: the job keeps one", "child", (("open", "own.film"), ("commit", "")), (0, 5), place=ON_A_CLUSTER),
    Window("films: a helper draws one", "child", (("open", "helper.film"),), place=ON_A_CLUSTER),
    Window("films: a helper keeps one", "child", (("open", "helper.film"), ("commit", "")), place=ON_A_CLUSTER),
)  # fmt: skip
WINDOWS = LAPTOP + BUCKET + CLUSTER
