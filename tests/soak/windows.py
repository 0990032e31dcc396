"""The moments at which processes are killed, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """One kind of moment."""

    name: str
    stops: str
    """Which process is stopped there: ``web``, ``look``, ``runner``, ``worker`` or ``child`` (of a job)."""
    steps: tuple[tuple[str, str], ...]
    """What it has done by then, in this order: an event, and what the name of the file it is about has in it; none: the
    film is cut off in the middle of its last part."""
    skips: tuple[int, int] = (0, 0)
    """How often the last of these happens before it counts, from and to; the run's seed chooses."""
    kills: str = ""
    """Which process is killed meanwhile; empty: the one that is stopped. ``scheduler`` and ``database`` too."""
    early: bool = False
    """Armed before the first part of the film is sent; otherwise before the last."""
    cluster: bool = False
    """PostgreSQL, a scheduler of its own and two workers; otherwise what ``rowsense serve`` starts on a laptop."""

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
)
CLUSTER = (
    Window("cluster: the job's process", "child", (("os.rename", ".part"),), (0, 6), cluster=True),
    Window("cluster: the worker", "child", (("os.rename", ".part"),), (0, 6), kills="worker", cluster=True),
    Window("cluster: the runner", "child", (("os.rename", ".part"),), (0, 6), kills="runner", cluster=True),
    Window("cluster: the scheduler", "child", (("os.rename", ".part"),), (0, 6), kills="scheduler", cluster=True),
    Window(
        "cluster: every connection to the database", "child", (("os.rename", ".part"), ("commit", "")),
        kills="database", cluster=True,
    ),
    Window("parts: the job looks at some", "child", (("open", "own.part"),), (0, 5), cluster=True),
    Window("parts: the job keeps one", "child", (("open", "own.part"), ("commit", "")), (0, 5), cluster=True),
    Window("parts: a helper looks at some", "child", (("open", "helper.part"),), cluster=True),
    Window("parts: a helper keeps one", "child", (("open", "helper.part"), ("commit", "")), cluster=True),
    Window("parts: a helper's worker", "child", (("open", "helper.part"),), kills="worker", cluster=True),
    Window("films: the job draws a part", "child", (("open", "own.film"),), (0, 5), cluster=True),
    Window("films: the job keeps one", "child", (("open", "own.film"), ("commit", "")), (0, 5), cluster=True),
    Window("films: a helper draws one", "child", (("open", "helper.film"),), cluster=True),
    Window("films: a helper keeps one", "child", (("open", "helper.film"), ("commit", "")), cluster=True),
)  # fmt: skip
WINDOWS = LAPTOP + CLUSTER
