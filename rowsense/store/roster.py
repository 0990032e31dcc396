"""A club's rowers from a table (CSV): read whole with every problem named, then taken in whole or not at all."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.holding import hold_club
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Athlete, AuditEntry, Squad, SquadAthlete

COLUMNS: Final = ("name", "birth_year", "squad")
#: More is no club's roster [D].
MOST_ROWS: Final = 5000
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line: a rower, and a squad that she is in."""

    name: str
    birth_year: int | None = None
    squad: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a roster changed."""

    new_athletes: int
    new_squads: int
    new_places: int
    """Rowers put into squads."""
    new_years: int = 0
    """Years of birth that rowers who were there did not have yet."""
    without_year: int = 0
    """Rowers of this roster who have no year of birth, and count as juniors."""


class RosterError(StoreError):
    """A table that cannot be taken in; ``problems`` has every one of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"the roster has mistakes: {'; '.join(problems)}; mend the table")
        self.problems = tuple(problems)


def read_roster(data: bytes) -> tuple[RosterRow, ...]:
    """Read a table with commas or semicolons, as spreadsheets write them.

    Raises
    ------
    RosterError
        With every problem, each with its line.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RosterError(["the file is not UTF-8: save it as 'CSV UTF-8' in your spreadsheet"]) from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise RosterError([f"line {reader.line_num}: is not CSV ({error})"]) from None
    lines = [(number, cells) for number, cells in lines if any(cells)]
    problems = _head_problems(lines)
    if problems:
        raise RosterError(problems)
    head = [cell.lower() for cell in lines[0][1]]
    rows = []
    seen: dict[RosterRow, int] = {}
    for number, cells in lines[1:]:
        found = [f"line {number}: {problem}" for problem in _row_problems(head, cells)]
        if not found:
            row = _row(dict(zip(head, cells, strict=True)))
            if row in seen:
                found.append(f"line {number}: says the same as line {seen[row]}")
            seen[row] = number
            rows.append(row)
        problems += found
    if problems:
        raise RosterError(problems)
    return tuple(rows)


def take_roster(database: Database, scope: ClubScope, rows: tuple[RosterRow, ...], by: uuid.UUID) -> Taken:
    """Add who is not there yet, in one transaction. The same name and year of birth is the same rower.

    Where a year is missing on one side, the only rower of the name is the same one, and gets the year.
    """
    with database.writing(scope) as unit:
        hold_club(unit, scope.club_id)  # a form that is sent twice must not take everybody in twice
        squads = {squad.name: squad.id for squad in unit.scalars(select(Squad))}
        athletes = {(a.name, a.birth_year): a.id for a in unit.scalars(select(Athlete))}
        places = {(p.squad_id, p.athlete_id) for p in unit.scalars(select(SquadAthlete))}
        known = _named_once(unit)
        new_years = _give_years(unit, rows, athletes, known)
        before = len(athletes), len(squads), len(places)
        same = [replace(row, birth_year=known[row.name]) if _is_known(row, known) else row for row in rows]
        for row in same:
            _take(unit, row, squads, athletes, places)
        without = {row.name for row in same if row.birth_year is None}
        new = len(athletes) - before[0], len(squads) - before[1], len(places) - before[2]
        taken = Taken(*new, new_years, len(without))
        counts = {"athletes": taken.new_athletes, "squads": taken.new_squads, "places": taken.new_places}
        counts |= {"years": taken.new_years}
        unit.add(AuditEntry(actor_user_id=by, action="roster", subject_kind="athletes", details=counts))
    return taken


def _named_once(unit: Session) -> dict[str, int | None]:
    """Names that one rower alone has, with her year of birth."""
    years: dict[str, list[int | None]] = {}
    for athlete in unit.scalars(select(Athlete)):
        years.setdefault(athlete.name, []).append(athlete.birth_year)
    return {name: found[0] for name, found in years.items() if len(found) == 1}


def _is_known(row: RosterRow, known: Mapping[str, int | None]) -> bool:
    """Whether a line without a year means the only rower of this name."""
    return row.birth_year is None and known.get(row.name) is not None


def _give_years(
    unit: Session,
    rows: tuple[RosterRow, ...],
    athletes: dict[tuple[str, int | None], uuid.UUID],
    known: dict[str, int | None],
) -> int:
    """Give rowers without a year of birth the one year that the roster has for their name."""
    said: dict[str, set[int | None]] = {}
    for row in rows:
        said.setdefault(row.name, set()).add(row.birth_year)
    given = 0
    for name in [name for name, year in known.items() if year is None]:
        years = said.get(name, set()) - {None}
        if len(years) == 1:
            (known[name],) = years
            athletes[name, known[name]] = key = athletes.pop((name, None))
            unit.execute(update(Athlete).where(Athlete.id == key).values(birth_year=known[name]))
            given += 1
    return given


def _take(
    unit: Session,
    row: RosterRow,
    squads: dict[str, uuid.UUID],
    athletes: dict[tuple[str, int | None], uuid.UUID],
    places: set[tuple[uuid.UUID, uuid.UUID]],
) -> None:
    who = row.name, row.birth_year
    if who not in athletes:
        athletes[who] = uuid.uuid4()
        unit.add(Athlete(id=athletes[who], name=row.name, birth_year=row.birth_year))
    if row.squad and row.squad not in squads:
        squads[row.squad] = uuid.uuid4()
        unit.add(Squad(id=squads[row.squad], name=row.squad))
    unit.flush()
    if row.squad and (squads[row.squad], athletes[who]) not in places:
        places.add((squads[row.squad], athletes[who]))
        unit.add(SquadAthlete(squad_id=squads[row.squad], athlete_id=athletes[who]))


def _head_problems(lines: list[tuple[int, list[str]]]) -> list[str]:
    if not lines:
        return ["the file is empty"]
    head = [cell.lower() for cell in lines[0][1]]
    problems = [f"column {name!r} is not known; known are {', '.join(COLUMNS)}" for name in head if name not in COLUMNS]
    problems += [f"column {name!r} is there twice" for name in COLUMNS if head.count(name) > 1]
    if "name" not in head:
        problems.append("there is no column 'name'; the first line names the columns")
    if len(lines) == 1:
        problems.append("there is no rower below the first line")
    if len(lines) - 1 > MOST_ROWS:
        problems.append(f"there are {len(lines) - 1} lines; {MOST_ROWS} are the most")
    return problems


def _row_problems(head: list[str], cells: list[str]) -> list[str]:
    if len(cells) != len(head):
        return [f"has {len(cells)} cells instead of {len(head)}"]
    said = dict(zip(head, cells, strict=True))
    problems = [] if said["name"] else ["has no name"]
    problems += [f"{column} is longer than {_LONGEST} letters" for column in head if len(said[column]) > _LONGEST]
    problems += [f"{column} has signs that are no text" for column in head if any(c < " " for c in said[column])]
    year = said.get("birth_year", "")
    if year and not (year.isascii() and year.isdigit() and 1900 <= int(year) <= 2100):
        problems.append(f"birth_year is {year!r}; write a year such as 2008, or nothing")
    return problems


def _row(said: dict[str, str]) -> RosterRow:
    year = said.get("birth_year", "")
    return RosterRow(said["name"], int(year) if year else None, said.get("squad", ""))
