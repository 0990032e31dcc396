"""What the page says of what was done in a club. Plain Python."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rowsense.store.audit import KINDS, NOBODY, Entry
from rowsense.texts.texts import Texts

ACTIONS: Final = tuple(action for actions in KINDS.values() for action in actions)
#: Tables whose rows are deleted one by one, each with a sentence.
DELETED: Final = ("sessions", "analyses", "comments")
#: Topics of settings with words.
TOPICS: Final = ("name", "policies", "privacy")
_COLUMNS: Final = ("at_utc", "by", "kind", "action", "subject_kind", "subject", "details")
#: A spreadsheet takes what begins with one of these for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry."""

    at: datetime
    who: str
    what: str
    more: str
    """What exactly; empty: there is nothing more to say."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of what can be chosen in a list."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The page."""

    lines: tuple[Line, ...]
    kinds: tuple[Choice, ...]
    people: tuple[Choice, ...]
    older: str
    """Where in the list the next page begins; empty: this is the last."""
    narrowed: bool
    """Whether a filter is on."""
    newest: bool
    """Whether it begins with the newest."""


def history_page(
    t: Texts,
    found: Sequence[Entry],
    actors: Iterable[tuple[uuid.UUID, str]],
    kind: str,
    by: str,
    older: str,
    newest: bool,
) -> HistoryPage:
    """Lay it out; ``older``: the place after the last entry, empty where there is no more."""
    people = ((str(key), name) for key, name in actors)
    kinds = ((one, t(f"history.kind.{one}")) for one in KINDS)
    return HistoryPage(
        lines=tuple(line(t, one) for one in found),
        kinds=_choices(("", t("history.all_kinds")), kinds, kind),
        people=_choices(("", t("history.anybody")), (*people, (NOBODY, t("history.nobody"))), by),
        older=older,
        narrowed=bool(kind or by),
        newest=newest,
    )


def line(t: Texts, entry: Entry) -> Line:
    """An entry in words."""
    who = entry.name or t("history.not_signed_in" if entry.action == "locked_out" else "history.nobody")
    return Line(entry.at, who, _what(t, entry), _more(t, entry))


def table_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as CSV, line by line, with the names of columns and actions as programs have them."""
    yield _csv(_COLUMNS)
    for one in entries:
        details = json.dumps(dict(one.details), ensure_ascii=False, sort_keys=True) if one.details else ""
        subject = f"{one.subject} {one.rowed_on}" if one.rowed_on is not None else one.subject
        at = one.at.isoformat(timespec="seconds")
        yield _csv((at, one.name, one.kind, one.action, one.subject_kind, subject, details))


def _choices(first: tuple[str, str], rest: Iterable[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, words, value == chosen) for value, words in (first, *rest))


def _what(t: Texts, entry: Entry) -> str:
    if entry.action == "delete" and entry.subject_kind in DELETED:
        return t(f"history.deleted.{entry.subject_kind}")
    if entry.action not in ACTIONS:
        return entry.action
    named = entry.subject or t("history.gone")
    if entry.rowed_on is not None:
        named = t("history.session", name=entry.subject, day=t.day(entry.rowed_on))
    return t(f"history.did.{entry.action}", what=named)


def _more(t: Texts, entry: Entry) -> str:
    said = entry.details
    parts = []
    if entry.action in ("change_member", "resume_member", "suspend_member") and "role" in said:
        before, after = (t(f"shell.role.{role}") for role in said["role"])
        parts.append(t("history.more.role", before=before, after=after))
    if entry.action in ("change_member", "resume_member", "suspend_member", "move_athlete") and "squads" in said:
        before, after = (_squads(t, keys, entry.squads) for keys in said["squads"])
        parts.append(t("history.more.squads", before=before, after=after))
    if entry.action == "change" and "unnamed_notes" in said:
        parts.append(t("history.more.unnamed_notes", n=said["unnamed_notes"]))
    if entry.action == "settings":
        topic = str(said.get("topic", ""))
        parts.append(t(f"history.topic.{topic}") if topic in TOPICS else topic)
    if entry.action == "roster":
        parts.append(t("history.more.roster", n=said.get("athletes", 0)))
    if entry.action == "change_catalogue" and "number" in said:
        parts.append(t("history.more.version", number=said["number"]))
    if entry.action == "share" and "days" in said:
        parts.append(t("history.more.days", n=said["days"]))
    if entry.action in ("delete", "drop_film") and entry.by is None:
        parts.append(t("history.more.by_rule"))
    return ". ".join(part for part in parts if part)


def _squads(t: Texts, keys: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(sorted(names.get(key, t("history.gone_squad")) for key in keys)) or t("history.no_squad")


def _csv(cells: Sequence[Any]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in cells])
    return written.getvalue()
