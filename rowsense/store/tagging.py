"""Tags: words of a club's own for its sessions. One that no session has any more is gone."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.tables import SessionTag, Tag, TrainingSession

MOST_TAGS: Final = 12
"""Of one session [D]."""
MOST_LETTERS: Final = 40


def read_tags(said: Collection[str]) -> tuple[str, ...]:
    """As they are kept: spaces put in order, each once whatever its capitals, in the order of the alphabet.

    Raises
    ------
    StoreError
        They are too many, or one is too long.
    """
    words = {" ".join(one.split()).casefold(): " ".join(one.split()) for one in said if one.strip()}
    long = [one for one in words.values() if len(one) > MOST_LETTERS or "," in one]
    if long:
        raise StoreError(f"a tag has {MOST_LETTERS} letters at most, and no comma")
    if len(words) > MOST_TAGS:
        raise StoreError(f"a session has {MOST_TAGS} tags at most")
    return tuple(words[key] for key in sorted(words))


def tags_of(unit: Session, session_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """Of some sessions; those without have none here."""
    asked = select(SessionTag.session_id, Tag.name).join(Tag, Tag.id == SessionTag.tag_id)
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for session_id, name in unit.execute(asked.where(SessionTag.session_id.in_(session_ids))):
        found[session_id].append(name)
    return {key: tuple(sorted(names, key=str.casefold)) for key, names in found.items()}


def tags_among(unit: Session, sessions: ColumnElement[bool]) -> tuple[str, ...]:
    """The tags of the sessions of a condition, by the alphabet."""
    asked = select(Tag.name).where(
        exists().where(SessionTag.tag_id == Tag.id, SessionTag.session_id == TrainingSession.id, sessions)
    )
    return tuple(sorted(unit.scalars(asked), key=str.casefold))


def tagged(name: str) -> ColumnElement[bool]:
    """That a session has the tag, as it is written."""
    return exists().where(SessionTag.session_id == TrainingSession.id, SessionTag.tag_id == Tag.id, Tag.name == name)


def as_known(unit: Session, names: Sequence[str]) -> tuple[str, ...]:
    """The same tags in the spelling that the club has of them already."""
    known = {name.casefold(): name for name in unit.scalars(select(Tag.name))}
    return tuple(known.get(name.casefold(), name) for name in names)


def set_tags(unit: Session, session_id: uuid.UUID, names: Sequence[str]) -> None:
    """Give a session these tags and no others; ``names`` as :func:`read_tags` gives them."""
    known = {tag.name.casefold(): tag for tag in unit.scalars(select(Tag))}
    for name in names:
        if name.casefold() not in known:
            known[name.casefold()] = Tag(name=name)
            unit.add(known[name.casefold()])
    unit.flush()
    unit.execute(delete(SessionTag).where(SessionTag.session_id == session_id))
    unit.add_all(SessionTag(session_id=session_id, tag_id=known[name.casefold()].id) for name in names)
    unit.flush()
    unused = delete(Tag).where(Tag.id.not_in(select(SessionTag.tag_id)))
    unit.execute(unused.execution_options(synchronize_session=False))
