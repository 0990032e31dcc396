"""The files of a session that its page offers: to read, to watch, to count with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from dash import html

from dashboards.addresses import media_address
from dashboards.tables_sent import CSV, PARQUET
from rowsense.texts.texts import Texts

#: Group -> what it offers, with the name of the file; texts of ``session.file`` and ``session.files``.
OFFERED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "report": (("page", "report.html"), ("pdf", "report.pdf"), ("card", "card.png")),
    "films": (("best_stroke", "best_stroke.mp4"), ("worst_stroke", "worst_stroke.mp4"), ("overlay", "overlay.mp4")),
    "tables": (
        ("strokes_csv", "strokes.csv"), ("frames_csv", "frames.csv"),
        ("strokes_parquet", PARQUET[0]), ("frames_parquet", PARQUET[1]), ("track_parquet", PARQUET[2]),
    ),
}  # fmt: skip
#: The group whose files say whose they are.
_NAMING: Final = "report"


@dataclass(frozen=True, slots=True)
class FileGroup:
    """Files of one kind."""

    title: str
    files: tuple[tuple[str, str, str], ...]
    """(what it is, address, name to save it under; empty: it is opened)."""


def file_groups(t: Texts, names: Collection[str], key: str, *, nameless: bool = False) -> tuple[FileGroup, ...]:
    """What there is of a session with files of these ``names``; groups that are empty are left out.

    ``nameless``: nothing that says whose it is.
    """
    groups = []
    for group, offered in OFFERED.items():
        if nameless and group == _NAMING:
            continue
        there = tuple(
            (t(f"session.file.{what}"), media_address(key, name), name if group == "tables" else "")
            for what, name in offered
            if CSV.get(name, name) in names
        )
        if there:
            groups.append(FileGroup(t(f"session.files.{group}"), there))
    return tuple(groups)


def files_section(t: Texts, groups: tuple[FileGroup, ...], share: str = "") -> list[Any]:
    """Groups beside each other; nothing where there is none. ``share``: where they are made to be sent."""
    if not groups:
        return []
    way = t.parts("session.files.to_send", share=html.A(t("session.share"), href=share)) if share else []
    return [
        html.H2(t("session.files.head")),
        html.Div([_group(group) for group in groups], className="columns files"),
        *([html.P(way, className="soft")] if way else []),
    ]


def _group(group: FileGroup) -> html.Div:
    links = [html.Li(_link(words, to, saved)) for words, to, saved in group.files]
    return html.Div([html.H3(group.title), html.Ul(links)])


def _link(words: str, to: str, saved: str) -> html.A:
    return html.A(words, href=to, download=saved) if saved else html.A(words, href=to, target="_blank")
