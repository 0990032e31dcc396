"""Questions in SQL about the strokes of a club: what they come to, and what they are kept from."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rowsense.cli import app
from rowsense.errors import StoreError
from rowsense.store.ask import Answer, Asked, ask
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import Policies, keep_policies
from rowsense.store.parquet import read_table
from rowsense.store.record import Piece, Recording, record
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Athlete, Squad, SquadAthlete, User
from tests.store.club import ATHLETE, CLUB, NAME, OTHER_CLUB, recording

JUNIOR, STRANGER, USER = (uuid.UUID(int=n) for n in (12, 13, 31))


@pytest.fixture
def rowed(store: ClubStore, analysed: Path) -> ClubStore:
    """Two sessions of hers, the second analysed twice; one of a junior without consent, one of another club."""
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=USER, email="a@club.org", name="Jana"))
        unit.add(Athlete(id=JUNIOR, club_id=CLUB.club_id, name="Celina"))
        unit.add(Athlete(id=STRANGER, club_id=OTHER_CLUB.club_id, name="Nina", birth_year=1990))
        unit.add(Squad(id=uuid.UUID(int=50), club_id=CLUB.club_id, name="Women"))
        unit.flush()
        unit.add(SquadAthlete(club_id=CLUB.club_id, squad_id=uuid.UUID(int=50), athlete_id=ATHLETE))
    for number, version in ((1, 1), (2, 1), (2, 2)):
        record(store, CLUB, recording(analysed, number, version))
    for scope, who, number in ((CLUB, JUNIOR, 3), (OTHER_CLUB, STRANGER, 4)):
        keys = uuid.UUID(int=1000 * number), uuid.UUID(int=1000 * number + 1)
        record(store, scope, Recording(analysed, *keys, Piece(who, date(2026, 3, number))))
    return store


def answer(store: ClubStore, sql: str, **limits: object) -> Answer:
    return ask(store, CLUB, Asked(sql, **limits))  # type: ignore[arg-type]


def test_it_is_answered_from_the_strokes_of_the_club_and_of_nobody_else(rowed: ClubStore, analysed: Path) -> None:
    table = read_table(analysed / "strokes.parquet")
    usable = table["usable"].astype(bool)
    found = answer(
        rowed,
        "SELECT athlete, squads, rowed_on, count(*) AS n, avg(rate_spm) FROM strokes WHERE usable "
        "GROUP BY ALL ORDER BY rowed_on",
    )
    assert found.columns[:4] == ("athlete", "squads", "rowed_on", "n")
    assert [row[:4] for row in found.rows] == [(NAME, "Women", date(2026, 3, d), int(usable.sum())) for d in (1, 2)]
    assert found.rows[0][4] == pytest.approx(table["rate_spm"][usable].mean())
    assert (found.session_count, found.missing_count, found.cut) == (2, 0, False), "no junior without a consent"
    assert answer(rowed, "SELECT DISTINCT session FROM strokes", since=date(2026, 3, 2)).rows == [
        (str(uuid.UUID(int=2000)),)
    ]
    cut = answer(rowed, "SELECT stroke FROM strokes", most_rows=3)
    assert cut.cut and len(cut.rows) == 3
    keep_policies(rowed.database, CLUB, Policies(hide_names=True), by=USER)
    assert answer(rowed, "SELECT DISTINCT athlete FROM strokes").rows == [(None,)]


REFUSED = {
    "DROP VIEW strokes": "ask one question",
    "SELECT 1; SELECT 2": "ask one question",
    "COPY (SELECT 1) TO '/tmp/rowsense-never'": "ask one question",
    "SELECT * FROM read_text('{other}')": "cannot be answered",
    "SELECT * FROM read_parquet('{other}')": "cannot be answered",
    "SELECT nothing FROM strokes": "cannot be answered",
    "SELECT (": "cannot be read",
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_it_reads_nothing_else_changes_nothing_and_has_an_end(rowed: ClubStore) -> None:
    other = next(f.key for f in rowed.files.listed(str(OTHER_CLUB.club_id)) if f.key.endswith("strokes.parquet"))
    for sql, words in REFUSED.items():
        with pytest.raises(StoreError, match=words):
            answer(rowed, sql.format(other=rowed.files.root / other))  # type: ignore[attr-defined]
    with pytest.raises(StoreError, match="no strokes of these rowers"):
        answer(rowed, "SELECT 1", athlete_ids=(STRANGER,))
    with pytest.raises(StoreError, match=r"longer than 0\.2 s"):
        answer(rowed, "SELECT sum(a.range * b.range) FROM range(10000000) a, range(100000) b", limit_s=0.2)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whoever_keeps_the_machine_asks_it(rowed: ClubStore, tmp_path: Path) -> None:
    rowed.files.root.rename(tmp_path / "club-files")  # type: ignore[attr-defined]
    asked = ["store", "ask", str(tmp_path), "SELECT count(*) AS n FROM strokes", "--athlete", NAME]
    refused = CliRunner().invoke(app, asked)
    assert isinstance(refused.exception, StoreError) and "other, Łódź" in str(refused.exception)
    out = CliRunner().invoke(app, [*asked, "--club", "Łódź"])
    assert out.exit_code == 0 and out.stdout == "n\n16\n" and "2 sessions" in out.stderr
    CliRunner().invoke(app, [*asked, "--club", "Łódź", "--out", str(tmp_path / "n.csv")])
    assert (tmp_path / "n.csv").read_text() == "n\n16\n"
