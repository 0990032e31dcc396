"""Notes in the store: pinned once, answered, told to whom they concern, deleted and brought back."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from rowsense.errors import StoreError
from rowsense.model.drawing import MOST_SHAPES, Drawing, Shape, read_drawing
from rowsense.store.access import Viewer
from rowsense.store.database import Database
from rowsense.store.feelings import ASKED_FOR, felt_of, say_felt, to_be_asked
from rowsense.store.notes import (
    MOST_LETTERS,
    UNDO_LASTS,
    NewNote,
    NoNoteError,
    NotYoursError,
    answer,
    bring_back,
    change,
    mark_read,
    pin,
    remove,
)
from rowsense.store.scope import AllClubs
from rowsense.store.seen_notes import notes_of
from rowsense.store.tables import (
    ADMINISTRATOR,
    ATHLETE,
    COACH,
    Athlete,
    Club,
    Comment,
    Membership,
    Squad,
    SquadAthlete,
    TrainingSession,
    User,
    Video,
)
from rowsense.store.unread import unread


def key(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)


CLUB, OTHER, SQUAD, HERSELF, SESSION, OLD = map(key, range(1, 7))
COACH_1 = Viewer(key(11), CLUB, COACH, frozenset({SQUAD}))
COACH_2 = Viewer(key(12), CLUB, COACH, frozenset({SQUAD}))
HEAD = Viewer(key(13), CLUB, ADMINISTRATOR)
ROWER = Viewer(key(14), CLUB, ATHLETE, athlete_id=HERSELF)
STRANGER = Viewer(key(15), OTHER, ADMINISTRATOR)
ARROW = Drawing((Shape("arrow", ((1.5, 2.0), (30.0, 40.0))),))


@pytest.fixture
def club(database: Database) -> Database:
    with database.writing(AllClubs("set up a test")) as unit:
        unit.add_all([Club(id=CLUB, name="Łódź"), Club(id=OTHER, name="other")])
        unit.flush()
        unit.add_all(
            [Squad(id=SQUAD, club_id=CLUB, name="s"), Athlete(id=HERSELF, club_id=CLUB, name="Žofie", birth_year=1990)]
        )
        unit.flush()
        unit.add(SquadAthlete(club_id=CLUB, squad_id=SQUAD, athlete_id=HERSELF))
        for who in (COACH_1, COACH_2, HEAD, ROWER, STRANGER):
            unit.add(User(id=who.user_id, email=f"{who.user_id}@club.org", name=f"name {who.user_id.int}"))
            unit.flush()
            place = {"club_id": who.club_id, "user_id": who.user_id, "role": who.role, "athlete_id": who.athlete_id}
            unit.add(Membership(**place))
        today = datetime.now(UTC).date()
        for session, day in ((SESSION, today), (OLD, today - ASKED_FOR - timedelta(days=1))):
            unit.add(TrainingSession(id=session, club_id=CLUB, athlete_id=HERSELF, rowed_on=day))
            unit.flush()
        size = {"duration_s": 60.0, "fps": 30.0, "width_px": 100, "height_px": 50}
        unit.add(Video(club_id=CLUB, session_id=SESSION, name="a.mp4", sha256="a" * 64, codec="h264", **size))
    return database


def words(club: Database, viewer: Viewer) -> list[str]:
    return [note.row.text for note in notes_of(club, viewer, SESSION)]


def read_all(club: Database, viewer: Viewer) -> None:
    mark_read(club, viewer, SESSION, max(note.row.created_at for note in notes_of(club, viewer, SESSION)))


def test_a_note_is_told_to_the_rower_and_an_answer_to_who_takes_part(club: Database) -> None:
    note = NewNote(key(101), " hips ", 1.25, stroke=2, drawing=ARROW)
    pinned = pin(club, COACH_1, SESSION, note)
    assert (pinned.row.text, pinned.row.time_s, pinned.row.stroke) == ("hips", 1.25, 2)
    assert pin(club, COACH_1, SESSION, note).row.id == key(101), "sent twice is one note"
    (seen,) = notes_of(club, ROWER, SESSION)
    assert (seen.author, seen.is_mine, seen.may_delete, seen.is_new) == ("name 11", False, False, True)
    assert read_drawing(seen.row.drawing) == ARROW
    assert unread(club, ROWER) == {SESSION: 1}
    read_all(club, ROWER)
    assert unread(club, ROWER) == {}
    said = answer(club, ROWER, SESSION, key(101), NewNote(key(102), "I felt it"))
    assert answer(club, COACH_1, SESSION, said.row.id, NewNote(key(103), "good")).row.answers_comment_id == key(101)
    assert [unread(club, viewer) for viewer in (COACH_1, COACH_2, HEAD, STRANGER)] == [{SESSION: 1}, {}, {}, {}]
    assert unread(club, ROWER) == {SESSION: 1}
    mark_read(club, COACH_1, SESSION, said.row.created_at)
    mark_read(club, COACH_1, SESSION, said.row.created_at - timedelta(days=9))
    assert unread(club, COACH_1) == {}, "nothing read becomes new again"
    # A junior whose guardian no longer agrees is nobody's to read.
    with club.writing(AllClubs("set up a test")) as unit:
        unit.get_one(Athlete, HERSELF).birth_year = datetime.now(UTC).year - 15
    assert unread(club, ROWER) == {}


def test_who_may_change_and_delete_and_for_how_long_it_can_be_undone(club: Database) -> None:
    pin(club, COACH_1, SESSION, NewNote(key(101), "hips", 1.0))
    answer(club, ROWER, SESSION, key(101), NewNote(key(102), "first"))
    answer(club, ROWER, SESSION, key(101), NewNote(key(103), "second"))
    for other in (COACH_2, ROWER):
        with pytest.raises(NotYoursError):
            remove(club, other, SESSION, key(101))
    for other in (HEAD, ROWER):
        with pytest.raises(NotYoursError):
            change(club, other, SESSION, key(101), "mine now")
    assert change(club, COACH_1, SESSION, key(101), "hips!").row.edited_at is not None
    remove(club, ROWER, SESSION, key(102))
    remove(club, HEAD, SESSION, key(101))
    assert words(club, COACH_1) == [] and unread(club, ROWER) == unread(club, COACH_1) == {}
    with pytest.raises(NoNoteError):
        answer(club, ROWER, SESSION, key(101), NewNote(key(104), "too late"))
    with pytest.raises(NoNoteError, match="note that this answers"):
        bring_back(club, ROWER, SESSION, key(102))
    with pytest.raises(NotYoursError, match="somebody else has deleted"):
        bring_back(club, COACH_1, SESSION, key(101))
    bring_back(club, HEAD, SESSION, key(101))
    assert words(club, COACH_1) == ["hips!", "second"], "what was deleted before stays so"
    bring_back(club, COACH_2, SESSION, key(101))
    assert words(club, COACH_1) == ["hips!", "second"], "what is there stays"
    remove(club, COACH_1, SESSION, key(101))
    bring_back(club, COACH_1, SESSION, key(101))
    remove(club, COACH_1, SESSION, key(101))
    with club.writing(AllClubs("let time pass")) as unit:
        for number in (101, 103):
            unit.get_one(Comment, key(number)).deleted_at = datetime.now(UTC) - UNDO_LASTS - timedelta(minutes=1)
    with pytest.raises(NoNoteError, match="gone for good"):
        bring_back(club, COACH_1, SESSION, key(101))
    with club.reading(AllClubs("look")) as unit:
        assert unit.get(Comment, key(101)) is None


@pytest.mark.parametrize(
    ("note", "problem"),
    [
        (NewNote(key(1), "  ", 1.0), "write something"),
        (NewNote(key(1), "x" * (MOST_LETTERS + 1), 1.0), "2000 fit"),
        (NewNote(key(1), "x"), "not in the film"),
        (NewNote(key(1), "x", -0.1), "not in the film"),
        (NewNote(key(1), "x", 62.0), "not in the film"),
        (NewNote(key(1), "x", 1.0, drawing=Drawing((Shape("line", ((0, 0), (100, 51))),))), "leaves the picture"),
    ],
)
def test_what_is_beyond_the_limits_is_refused(club: Database, note: NewNote, problem: str) -> None:
    with pytest.raises(StoreError, match=problem):
        pin(club, COACH_1, SESSION, note)
    assert words(club, COACH_1) == []


def test_another_notes_key_is_not_taken_over(club: Database) -> None:
    pin(club, COACH_1, SESSION, NewNote(key(101), "hips", 1.0))
    for viewer, session in ((COACH_2, SESSION), (COACH_1, OLD)):
        with pytest.raises(StoreError, match="key is there already"):
            pin(club, viewer, session, NewNote(key(101), "mine", 1.0))
    with pytest.raises(NoNoteError):
        remove(club, STRANGER, SESSION, key(101))
    assert words(club, COACH_1) == ["hips"]


def test_a_rower_is_asked_once_what_she_felt_and_only_soon_after(club: Database) -> None:
    assert to_be_asked(club, ROWER) == {SESSION}
    assert to_be_asked(club, COACH_1) == to_be_asked(club, HEAD) == frozenset()
    with pytest.raises(StoreError, match="no answer"):
        say_felt(club, ROWER, SESSION, "very")
    say_felt(club, ROWER, SESSION, "no")
    say_felt(club, ROWER, SESSION, "yes")
    felt = felt_of(club, COACH_1, SESSION)
    assert felt is not None and felt.answer == "no", "the first answer counts"
    assert to_be_asked(club, ROWER) == frozenset()
    say_felt(club, ROWER, OLD, "skipped")
    assert felt_of(club, ROWER, OLD) is None


@pytest.mark.parametrize(
    "document",
    [
        None,
        {"shapes": []},
        {"shapes": [{"kind": "line", "points": [[0, 0], [1, 1]]}] * (MOST_SHAPES + 1)},
        {"shapes": [{"kind": "circle", "points": [[0, 0], [1, 1]]}]},
        {"shapes": [{"kind": "line", "points": [[0, 0], [1, 1], [2, 2]]}]},
        {"shapes": [{"kind": "angle", "points": [[0, 0], [0, 0], [2, 2]]}]},
        {"shapes": [{"kind": "line", "points": [[1, 1], [1, 1]]}]},
        {"shapes": [{"kind": "line", "points": [[0, 0], [float("nan"), 1]]}]},
        {"shapes": [{"kind": "line", "points": [[0, 0], [True, 1]]}]},
        {"shapes": [{"kind": "line", "points": [[0, 0], [10**400, 1]]}]},
        {"shapes": [{"kind": "free", "points": [[i, 0] for i in range(401)]}]},
        {"shapes": ["line"]},
    ],
)
def test_what_is_no_drawing_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"Drawing|Shape"):
        read_drawing(document)


def test_an_angle_says_its_degrees() -> None:
    assert Shape("angle", ((10, 0), (0, 0), (0, 10))).angle_deg == pytest.approx(90)
    assert Shape("angle", ((10, 0), (0, 0), (-10, 1e-9))).angle_deg == pytest.approx(180)
