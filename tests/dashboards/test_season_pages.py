"""The pages of a season: what they are asked, what they say, and what they draw."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from dashboards.charts.season_line import Mark, SeasonLine, season_line
from dashboards.charts.strips import RowerDot, SquadRow, fault_strip, squad_strip, stroke_strip
from dashboards.charts.svg import day_steps, steps
from dashboards.charts.weeks import week_bars
from dashboards.listing import PAGE
from dashboards.markup import tag
from dashboards.pages.athlete.callbacks import content as athlete_content
from dashboards.pages.athlete.events import set_up_changes
from dashboards.pages.athlete.load import load_block
from dashboards.pages.club.callbacks import content as club_content
from dashboards.pages.filters import WEEKS, Filters, filters_of
from dashboards.pages.season_words import athlete_address, session_address
from dashboards.pages.seasons.asked import Asked as SeasonsAsked
from dashboards.pages.seasons.asked import asked_for as seasons_asked
from dashboards.pages.seasons.callbacks import content as seasons_content
from dashboards.pages.sessions.view_model import stroke_asked
from dashboards.texts.reader import english
from dashboards.thumbnails import stroke_bars
from rowsense.season.exposure import exposure_of
from rowsense.season.triage import read_triage
from rowsense.season.vocabulary import MAIN, quantity_of, shown
from rowsense.store.access import Viewer
from rowsense.store.behind import RATES
from rowsense.store.club_policies import keep_policies, read_policies
from rowsense.store.notes import NewNote, pin, remove
from rowsense.store.scope import AllClubs
from rowsense.store.season_of import SetUp
from rowsense.store.season_strokes import SessionStrokes
from rowsense.store.tables import (
    ADMINISTRATOR,
    ATHLETE,
    COACH,
    PIECE_KINDS,
    AnalysisQuantity,
    Athlete,
    Membership,
    Squad,
    StoredCalibration,
    TrainingSession,
    User,
)
from rowsense.store.tried_notes import cues_in
from rowsense.store.viewers import viewer_of
from tests.dashboards.club_world import token_in
from tests.dashboards.season_world import PLAN, ROWERS, SeasonWorld, make_season_world

ALL = Filters()
DAY = date(2026, 3, 1)
DAYS = st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeasonWorld]:
    made = make_season_world(tmp_path_factory.mktemp("season"))
    yield made
    made.store.database.close()


def viewer(world: SeasonWorld, role: str) -> Viewer:
    found = viewer_of(world.store.database, world.people[role])
    assert found is not None
    return found


def text(content: Any) -> str:
    """All words and addresses of a page, in order."""
    if isinstance(content, list | tuple):
        return "\n".join(map(text, content))
    if not hasattr(content, "to_plotly_json"):
        return "" if content is None else str(content)
    props = content.to_plotly_json()["props"]
    return "\n".join(text(props[name]) for name in ("href", "src", "markup", "children") if name in props)


def club(world: SeasonWorld, filters: Filters = ALL, role: str = COACH) -> str:
    return text(club_content(world.store, viewer(world, role), filters, world.today))


def athlete(world: SeasonWorld, number: int = 0, filters: Filters = ALL, role: str = COACH) -> str:
    return text(athlete_content(world.store, viewer(world, role), ROWERS[number].id, filters, world.today))


# --- what is asked


@given(
    st.builds(
        Filters,
        quantity=st.sampled_from([one.id for one in MAIN]),
        kind=st.sampled_from(["", *PIECE_KINDS]),
        rate=st.sampled_from(["", *RATES]),
        squad=st.none() | st.uuids(),
        weeks=st.sampled_from(list(WEEKS)),
        first=DAYS,
        last=DAYS,
        names_hidden=st.booleans(),
        session=st.none() | st.uuids(),
        every=st.booleans(),
    )
)
def test_what_is_chosen_comes_back_from_the_address(filters: Filters) -> None:
    if filters.first and filters.last and filters.first > filters.last:
        filters = replace(filters, first=filters.last, last=filters.first)
    assert filters_of(filters.but()) == filters
    first, end = filters.days(DAY)
    assert end > (filters.last or DAY) and (first is None or first < end or filters.first)


@given(st.text(max_size=60))
def test_an_address_that_was_bent_chooses_nothing(search: str) -> None:
    filters_of(search).choice(DAY)
    assert filters_of("?kind=<b>&squad=1&weeks=-3&from=9999-99-99&to=0001-01-01&session=x") == Filters()
    assert stroke_asked("?stroke=12") == 12
    assert stroke_asked("?stroke=-1") is stroke_asked("?stroke=" + "9" * 40) is stroke_asked(None) is None


# --- the club


def test_the_coach_is_told_who_needs_her_first(world: SeasonWorld) -> None:
    said = club(world)
    listed, better = said.split("Who needs you first")[1].split("Changed for the better")
    assert listed.index(ROWERS[0].name) < listed.index(ROWERS[6].name), "a clear change before less alike strokes"
    assert ROWERS[1].name in listed and ROWERS[3].name not in listed
    assert "The hips tip back" in listed and "New fault. Hips tip back into the catch" in listed
    assert "The strokes are less alike" in listed
    assert f"/athlete/{ROWERS[1].id}?quantity=shin_deg_catch" in listed
    better, silent = better.split("Not filmed for four weeks")
    assert ROWERS[3].name in better and ROWERS[4].name in silent and "days, last on" in silent
    squads = said.split("Squads side by side")[1]
    assert "Squad 1" in squads and "Squad 2" in squads and "Squad 3" not in squads, "hers alone"
    assert squads.count(f"/athlete/{ROWERS[8].id}") == 0 == said.count(ROWERS[2].name)
    assert "Squad 3" in club(world, role=ADMINISTRATOR)


def test_of_a_rower_alone_the_same_is_said_as_in_her_club(world: SeasonWorld) -> None:
    keys, end = [rower.id for rower in ROWERS], world.today - timedelta(days=36)
    with world.store.database.reading(world.scope) as unit:
        every = read_triage(unit, keys, end)
        alone = [read_triage(unit, [key], end) for key in keys]
    said = [need for one in alone for need in (*one.first, *one.better)]
    assert {need.athlete_id: need for need in (*every.first, *every.better)} == {n.athlete_id: n for n in said}
    assert every.looked_at == sum(one.looked_at for one in alone)


def test_the_clubs_page_can_be_narrowed_and_names_hidden(world: SeasonWorld) -> None:
    with world.store.database.reading(world.scope) as unit:
        squads = {squad.name: squad.id for squad in unit.query(Squad)}
    one = club(world, Filters(squad=squads["Squad 1"]))
    assert ROWERS[0].name in one and ROWERS[1].name not in one
    assert "No session fits" in club(world, Filters(squad=squads["Squad 3"])), "not hers"
    hidden = club(world, Filters(names_hidden=True))
    assert not [rower.name for rower in ROWERS if rower.name in hidden] and "Rower 1" in hidden
    assert f"/athlete/{ROWERS[0].id}?names=off" in hidden
    before = club(world, Filters(last=world.today - timedelta(days=40), first=world.today - timedelta(days=60)))
    assert ROWERS[0].name not in before.split("Squads side by side")[0], "nothing had happened to her yet"
    assert "No session fits" in club(world, Filters(kind="race"))


def test_who_has_no_rowers_is_told_how_to_get_some(world: SeasonWorld) -> None:
    alone = Viewer(uuid.uuid4(), world.scope.club_id, COACH)
    assert "An administrator" in text(club_content(world.store, alone, Filters(), world.today))
    elsewhere = Viewer(uuid.uuid4(), uuid.uuid4(), ADMINISTRATOR)
    assert "Take in the roster" in text(club_content(world.store, elsewhere, Filters(), world.today))
    rower = Viewer(uuid.uuid4(), world.scope.club_id, ATHLETE, athlete_id=ROWERS[0].id)
    told = text(club_content(world.store, rower, Filters(), world.today))
    assert "for coaches" in told and ROWERS[1].name not in told


# --- an athlete


def test_a_rowers_page_says_what_changed_and_leads_to_sessions_and_strokes(world: SeasonWorld) -> None:
    said = athlete(world)
    stands_out, _, rest = said.partition("Everything at a glance")
    assert ROWERS[0].name in stands_out and "The hips tip back" in stands_out
    # The session with the film has other quantities; the chosen one was measured in all others.
    assert stands_out.count('class="interval"') == PLAN.weeks * PLAN.sessions_a_week
    assert stands_out.count('class="usual"') == 1 and 'class="clear"' in stands_out
    assert "Usual is" in stands_out and "The bar at the right is 6°" in stands_out
    assert re.search(rf"/session/[0-9a-f-]+\.rowsense\?stroke={PLAN.strokes - 1}", stands_out), "every stroke"
    assert f"/thumbnail/{world.filmed}.rowsense" in rest and f"/session/{world.filmed}.rowsense" in rest
    assert "Show 17 more" in rest and "Show" not in athlete(world, filters=Filters(every=True)).split("Sessions")[-1]
    assert athlete(world, role=ATHLETE).startswith(ROWERS[0].name)
    assert "/club" not in athlete(world, role=ATHLETE)


def test_a_session_that_nobody_judged_is_not_called_faultless(world: SeasonWorld) -> None:
    said = athlete(world, 7, role=ADMINISTRATOR)
    newest = re.findall(r"/session/([0-9a-f-]{36})\.rowsense", said.split("Sessions")[-1])[0]
    assert "Not looked at for faults" not in said
    with world.store.database.writing(world.scope) as unit:
        fault_rows = AnalysisQuantity.quantity.startswith("fault:")
        unit.execute(delete(AnalysisQuantity).where(AnalysisQuantity.session_id == uuid.UUID(newest), fault_rows))
    assert athlete(world, 7, role=ADMINISTRATOR).count("Not looked at for faults") == 1


def test_a_trend_is_put_into_words_only_where_it_is_clear(world: SeasonWorld) -> None:
    (worse,) = (n for n, rower in enumerate(ROWERS) if rower.change_deg > 0)
    assert "A clear trend over 14 weeks and 28 sessions: the hips tip back" in athlete(world, worse, role=ADMINISTRATOR)
    steady = athlete(world, worse, Filters(quantity="trunk_lean_deg_catch"), role=ADMINISTRATOR)
    assert "No clear trend" in steady and 'class="trend"' not in steady
    few = athlete(world, worse, Filters(first=world.today - timedelta(days=12)), role=ADMINISTRATOR)
    assert "Too few sessions for a trend" in few and "it takes 5" in few


def test_shares_are_shown_in_percent_and_what_was_not_measured_is_said(world: SeasonWorld) -> None:
    tipped = athlete(world, filters=Filters(quantity="fault:hips_tip_back"))
    assert "100 %" in tipped and "of 20 sessions 19" in tipped
    assert "not measured in any" in athlete(world, filters=Filters(quantity="no_such_thing"))
    assert "No session fits" in athlete(world, filters=Filters(kind="race"))


def test_one_session_is_looked_into_when_it_is_asked_for(world: SeasonWorld) -> None:
    said = athlete(world)
    asked = re.findall(r"session=([0-9a-f-]{36})", said)[3]
    into = athlete(world, filters=Filters(session=uuid.UUID(asked)))
    assert f"/session/{asked}.rowsense?stroke=0" in into and f"/session/{asked}.rowsense?stroke=0" not in said


def seasons(world: SeasonWorld, role: str = COACH, **asked: Any) -> str:
    return text(seasons_content(world.store, viewer(world, role), SeasonsAsked(**asked), world.today))


def test_two_stretches_of_a_season_and_two_rowers_stand_side_by_side(world: SeasonWorld) -> None:
    middle = world.today - timedelta(weeks=7)
    halves = (world.today - timedelta(weeks=14), middle), (middle + timedelta(days=1), world.today)
    asked = SeasonsAsked(first=ROWERS[9].id, days=halves)
    assert seasons_asked(asked.address().partition("?")[2]) == asked, "the address says all of it"
    said = seasons(world, first=ROWERS[9].id, days=halves)
    assert "two stretches of the season" in said and "clear difference" in said, "she gets worse week by week"
    assert said.count("side-first") > 10 and f"first={ROWERS[9].id}" in said
    behind = re.findall(r"^/\?athlete=.*$", said, re.MULTILINE)
    assert [sessions_in(shown_at(coach_of(world), "/", one.removeprefix("/"))) != [] for one in behind] == [True, True]
    two = seasons(world, first=ROWERS[0].id, second=ROWERS[3].id)
    assert f"{ROWERS[0].name} and {ROWERS[3].name}" in two and "differ in build" in two
    assert "One side has no session" in seasons(world, first=ROWERS[0].id, days=((date(2001, 1, 1),) * 2, halves[1]))


def test_seasons_of_others_are_compared_only_by_who_sees_them_and_where_the_club_does(world: SeasonWorld) -> None:
    hidden = seasons(world, first=ROWERS[0].id, second=ROWERS[3].id, names_hidden=True)
    assert not any(rower.name in hidden for rower in ROWERS)
    for role, first, second in ((COACH, 0, 2), (ATHLETE, 0, 3), (ATHLETE, 3, None)):
        other = None if second is None else ROWERS[second].id
        said = seasons(world, role, first=ROWERS[first].id, second=other)
        assert "There is no such rower" in said and ROWERS[second or first].name not in said
    assert "two stretches of the season" in seasons(world, ATHLETE), "her own need no choosing"
    before = read_policies(world.store.database, world.scope)
    keep_policies(world.store.database, world.scope, replace(before, compare_rowers=False), by=world.people[COACH])
    try:
        assert "with themselves only" in seasons(world, first=ROWERS[0].id, second=ROWERS[3].id)
        assert "two stretches of the season" in seasons(world, first=ROWERS[0].id)
    finally:
        keep_policies(world.store.database, world.scope, before, by=world.people[COACH])


@given(st.tuples(*[st.tuples(DAYS, DAYS)] * 2), st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.booleans())
def test_whatever_days_are_said_each_side_has_some(days: Any, today: date, one: bool) -> None:
    asked = SeasonsAsked(uuid.UUID(int=1), None if one else uuid.UUID(int=2), days)
    for side in asked.settled(today):
        assert side.first <= side.last
    assert seasons_asked(asked.address().partition("?")[2]).settled(today) == asked.settled(today)


def coach_of(world: SeasonWorld) -> FlaskClient:
    client: FlaskClient = world.app.server.test_client()
    client.get("/demo/coach")
    return client


def test_who_is_not_hers_is_not_there_for_her(world: SeasonWorld) -> None:
    stranger = text(athlete_content(world.store, viewer(world, COACH), uuid.uuid4(), Filters(), world.today))
    assert athlete(world, 2) == stranger == athlete(world, 1, role=ATHLETE)
    assert "There is no such season" in stranger


def test_a_rower_without_a_session_is_told_how_it_begins(world: SeasonWorld) -> None:
    key = uuid.uuid4()
    with world.store.database.writing(world.scope) as unit:
        unit.add(Athlete(id=key, name="<b>Nova</b>", birth_year=2000))
    said = text(athlete_content(world.store, viewer(world, ADMINISTRATOR), key, Filters(), world.today))
    assert "Film from the side" in said and "no session yet" in said
    listed = club(world, role=ADMINISTRATOR)
    assert "<b>Nova</b>\n" in listed.replace(" ", "") and "never filmed" in listed
    with world.store.database.writing(AllClubs("tidy up")) as unit:
        unit.delete(unit.get_one(Athlete, key))


def test_calibrations_and_what_was_changed_at_the_machine_are_marked(world: SeasonWorld) -> None:
    from datetime import UTC, datetime

    made = datetime.combine(world.today - timedelta(days=30), datetime.min.time(), UTC)
    with world.store.database.writing(world.scope) as unit:
        unit.add(StoredCalibration(athlete_id=ROWERS[1].id, made_at=made, estimator="x", document={}))
    said = athlete(world, 1)
    assert said.count('class="event"') == 1 and ">calibrated<" in said and "Calibrated on" in said
    assert 'class="event"' not in athlete(world, 0)
    tried = athlete(world, 3)
    assert "For the better: the hips tip back" in tried
    assert (
        tried.count('class="event"') == 1
        and ">feet 4 → 2<" in tried
        and "Changed at the machine: feet 4 → 2 on" in tried
    )
    days = [date(2026, 3, n) for n in range(1, 6)]
    noted = [
        SetUp(days[0], 3, None),
        SetUp(days[1], None, "static"),
        SetUp(days[2], 3, "slides"),
        SetUp(days[3], 1, None),
    ]
    assert set_up_changes(english(), noted) == [(days[2], "stands still → on slides"), (days[3], "feet 3 → 1")]


def test_what_a_note_says_is_tried_is_marked_with_what_followed(world: SeasonWorld) -> None:
    store, coach = world.store, viewer(world, COACH)
    with store.database.reading(world.scope) as unit:
        days = {one.rowed_on: one.id for one in unit.query(TrainingSession).filter_by(athlete_id=ROWERS[1].id)}
    early, late = (days[sorted(days)[n]] for n in (10, -1))
    made = [
        pin(store.database, coach, key, NewNote(uuid.uuid4(), text, 1.0, 3))
        for key, text in ((early, "#tried <b>hands</b> away much sooner"), (late, "#tried knees"), (late, "is tried"))
    ]
    said = athlete(world, 1, Filters(quantity="trunk_lean_deg_catch"))
    assert said.count('class="tried"') == 2 and "“<b>hands</b> away much sooner”" in said
    assert "&lt;b&gt;hands&lt;/b&gt; away much…" in said and "is tried" not in said
    assert f"/session/{early}.rowsense?stroke=3" in said
    followed = said.split("“<b>hands</b> away much sooner”")[1].split("Everything at a glance")[0]
    assert "before" in followed and "No change that we could tell; it would take" in followed
    assert "too few sessions to tell; it takes 3" in said.split("“knees”")[1].split("“<b>")[0]
    with store.database.reading(world.scope) as unit:
        assert cues_in(unit, late) == [(1.0, "knees")], "a comparison goes by it"
    for note in made:
        remove(store.database, coach, note.row.session_id, note.row.id)
    with store.database.reading(world.scope) as unit:
        assert cues_in(unit, late) == []
    assert "Nothing noted yet" in athlete(world, 1) and 'class="tried"' not in athlete(world, 1)
    feet = athlete(world, 3).split("What was tried, and what followed")[1]
    assert "feet 4 → 2" in feet and "That is a clear change" in feet


def test_the_table_shows_how_sure_and_how_it_went_and_faults_are_there_for_the_keyboard(world: SeasonWorld) -> None:
    said = athlete(world)
    glance = said.partition("Everything at a glance")[2].split("Faults over time")[0]
    shown = len([one for one in MAIN if one.name(english()) in glance])
    assert shown >= 8 and glance.count("<polyline") == shown and glance.count("° to ") >= 4
    assert 'class="level"' in said and "came to lie around another level" in said
    faults = said.partition("Faults over time")[2].split("Load over time")[0]
    bars, _, listed = faults.partition("In words and numbers")
    listed = listed.split("Every session that shows a fault")[-1]
    every = re.findall(r"/session/[0-9a-f-]+\.rowsense\?fault=\w+", listed)
    assert bars.count('class="shown"') == bars.count('class="sure"') == len(every) > 5
    assert set(every) == set(re.findall(r"/session/[0-9a-f-]+\.rowsense\?fault=\w+", bars)), "each bar by keyboard"


def test_a_name_is_never_markup(world: SeasonWorld) -> None:
    evil = '"><script>alert(1)</script>'
    with world.store.database.writing(world.scope) as unit:
        unit.execute(update(Athlete).where(Athlete.id == ROWERS[7].id).values(name=evil))
        unit.execute(update(Squad).where(Squad.name == "Squad 2").values(name=evil))
    page = club_content(world.store, viewer(world, ADMINISTRATOR), Filters(), world.today)
    sent = [part for part in _html(page)]
    assert sent and not any("<script" in markup for markup in sent)
    assert any("&lt;script&gt;" in markup for markup in sent)
    with world.store.database.writing(world.scope) as unit:
        unit.execute(update(Athlete).where(Athlete.id == ROWERS[7].id).values(name=ROWERS[7].name))
        unit.execute(update(Squad).where(Squad.name == evil).values(name="Squad 2"))


def _html(content: Any) -> list[str]:
    if isinstance(content, list | tuple):
        return [markup for part in content for markup in _html(part)]
    if not hasattr(content, "to_plotly_json"):
        return []
    props = content.to_plotly_json()["props"]
    return [*([props["markup"]] if "markup" in props else []), *_html(props.get("children"))]


# --- the demonstration, over HTTP


def test_one_goes_from_role_to_role_and_small_pictures_come_with_or_without_a_film(world: SeasonWorld) -> None:
    client: FlaskClient = world.app.server.test_client()
    assert client.get("/sign-in").location == "/"
    assert "coach" in client.get("/account").text
    still = client.get(f"/thumbnail/{world.filmed}.rowsense")
    assert still.mimetype == "image/webp" and still.data and "no-cache" in still.headers["Cache-Control"]
    (picture,) = Path(world.store.files.root).rglob("hips_tip_back.png")  # type: ignore[attr-defined]
    picture.write_bytes(b"no picture")
    damaged = client.get(f"/thumbnail/{world.filmed}.rowsense")
    assert damaged.mimetype == "image/svg+xml" and damaged.text.count("<rect") == 7, "its still cannot be shown"
    with world.store.database.reading(world.scope) as unit:
        theirs = {row.athlete_id: row.id for row in unit.query(TrainingSession)}
    drawn = client.get(f"/thumbnail/{theirs[ROWERS[1].id]}.rowsense")
    assert drawn.mimetype == "image/svg+xml" and drawn.text.count("<rect") == PLAN.strokes
    for place, one in ((theirs[ROWERS[1].id], drawn), (world.filmed, damaged)):
        assert {"private", "no-cache"} == set(one.headers["Cache-Control"].split(", "))
        again = client.get(f"/thumbnail/{place}.rowsense", headers={"If-None-Match": one.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"/thumbnail/{theirs[ROWERS[2].id]}.rowsense").status_code == 404
    assert client.get("/people").status_code == 403
    assert client.get("/demo/administrator").location == "/"
    assert client.get("/people").status_code == 200
    assert client.get(f"/thumbnail/{theirs[ROWERS[2].id]}.rowsense").status_code == 200
    client.get("/demo/athlete")
    assert client.get(f"/thumbnail/{theirs[ROWERS[1].id]}.rowsense").status_code == 404
    assert client.get("/demo/nobody").status_code in (200, 404)
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert "rowsense-demo=" in client.get("/demo/coach").headers.getlist("Set-Cookie")[-1]


def test_load_is_counted_week_by_week_against_her_own_range() -> None:
    days = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(12)]
    calm, lively = np.linspace(0.0, 10.0, 41), np.linspace(0.0, 10.0, 41) + 6.0
    sessions = [SessionStrokes(d, lively if d > days[8] else calm, np.full(41, 3.0)) for d in days]
    found = exposure_of("lumbar_rise_into_catch_deg", sessions)
    assert found is not None and found.range_sessions == 8, "those before the last four weeks"
    assert (found.usual_low, found.usual_high) == pytest.approx((0.5, 9.5), abs=0.3)
    usual_week, last = found.weeks[0].count, found.weeks[-1].count
    beyond = [int((values > found.usual_high).sum()) for values in (calm, lively)]
    assert [usual_week.above_count, last.above_count] == beyond and beyond[1] > 5 * beyond[0]
    assert last.above_minutes == pytest.approx(beyond[1] * 3.0 / 60.0)
    block = load_block(english(), found, lambda monday: f"/?from={monday}")
    assert block.rows[0][0] == (english().day(found.weeks[-1].monday), f"/?from={found.weeks[-1].monday}")
    assert f"{beyond[1]} strokes" in block.rows[0][5] and "0° to 10°" in block.words
    assert week_bars(english(), block.bars).count('class="above-usual"') == 12
    assert exposure_of("lumbar_rise_into_catch_deg", sessions[:2]) is None


def test_a_rowers_page_counts_her_load(world: SeasonWorld) -> None:
    page = text(athlete_content(world.store, viewer(world, COACH), ROWERS[0].id, ALL, world.today))
    assert "Load over time" in page and "by week" not in page.partition("Load over time")[0]


# --- the list of sessions


def shown_at(client: FlaskClient, pathname: str, search: str = "") -> str:
    asked = {
        "output": "content.children",
        "outputs": {"id": "content", "property": "children"},
        "inputs": [
            {"id": "address", "property": "pathname", "value": pathname},
            {"id": "address", "property": "search", "value": search},
        ],
        "changedPropIds": ["address.pathname"],
    }
    token = {"X-CSRFToken": token_in(client.get("/account").text)}
    answer = client.post("/_dash-update-component", json=asked, headers=token)
    assert answer.status_code == 200
    return json.dumps(answer.get_json(), ensure_ascii=False)


def sessions_in(page: str) -> list[str]:
    return re.findall(r'"value": "([0-9a-f-]{36}\.rowsense)"', page)


def test_every_session_is_on_one_page_of_the_list(world: SeasonWorld) -> None:
    client: FlaskClient = world.app.server.test_client()
    client.get("/demo/coach")
    first = shown_at(client, "/")
    total = int(re.findall(r"(\d+) sessions \(this page: 1 to 50\)", first)[0])
    pages = [sessions_in(shown_at(client, "/", f"?page={number}")) for number in range(1, total // PAGE + 3)]
    assert total > 3 * PAGE and len({key for page in pages for key in page}) == sum(map(len, pages)) == total
    assert [len(page) for page in pages[:2]] == [PAGE, PAGE] and pages[-1] == []
    assert "no sessions on this page" in shown_at(client, "/", "?page=999")


def test_sessions_are_found_by_name_of_rower_and_of_film(world: SeasonWorld) -> None:
    client: FlaskClient = world.app.server.test_client()
    client.get("/demo/coach")
    name = ROWERS[0].name
    hers = shown_at(client, "/", f"?find={name.upper()}")
    assert len(sessions_in(hers)) >= 20 and name in hers and not any(r.name in hers for r in ROWERS[1:])
    film = re.findall(r'"([^"]+?) · \d+ strokes', hers)[0]
    assert sessions_in(shown_at(client, "/", f"?find={name.split()[0]}+{film}"))
    assert "No session fits" in shown_at(client, "/", "?find=%25")
    for coach_has_not in (ROWERS[2].name, "%5C_"):
        assert not sessions_in(shown_at(client, "/", f"?find={coach_has_not}"))


def test_what_stands_behind_a_chart_is_a_list_of_its_sessions(world: SeasonWorld) -> None:
    client: FlaskClient = world.app.server.test_client()
    client.get("/demo/coach")
    page = club(world)
    strip = page.split("Squads side by side")[1]
    boxes = re.findall(r'<a href="(/\?[^"]*low=[^"]*)"[^>]*><title>Squad 1', strip)
    assert len(boxes) == 1 and boxes[0] in strip.split("</svg>")[1], "by keyboard in the table"
    behind = boxes[0].replace("&amp;", "&")[1:]
    found = shown_at(client, "/", behind)
    every = shown_at(client, "/", re.sub("&(low|high|quantity)=[^&]*", "", behind))
    count, total = (int(re.findall(r"(\d+) sessions", one)[0]) for one in (found, every))
    assert 0.3 * total < count < 0.9 * total
    assert "Only some sessions: one squad" in found and "mean from" in found
    inside = {rower.name for rower in ROWERS if rower.squad == 0}
    assert inside >= {rower.name for rower in ROWERS if rower.name in found} != set()
    hers = re.findall(r"/\?athlete=[0-9a-f-]+&[^\n]+", page)[0][1:]
    assert len({rower.name for rower in ROWERS if rower.name in shown_at(client, "/", hers)}) == 1
    week = re.findall(r'<a href="/(\?athlete=[^"]+)"', athlete(world).split("Load over time")[1])[0]
    listed = shown_at(client, "/", week.replace("&amp;", "&"))
    assert 1 <= len(sessions_in(listed)) <= 3 and ROWERS[0].name in listed
    other = shown_at(client, "/", f"?athlete={ROWERS[2].id}")
    assert not sessions_in(other) and ROWERS[2].name not in other, "nobody who is not hers"


def test_seasons_are_narrowed_to_a_rate(world: SeasonWorld) -> None:
    easy, fast = Filters(rate="20to24"), Filters(rate="from32")
    counted = [
        len(re.findall(r'class="dot( chosen)?"', athlete(world, filters=one).split("</svg>")[0]))
        for one in (ALL, easy, fast)
    ]
    assert counted[0] > counted[1] > 0 and sum(counted[1:]) < counted[0]
    page = club(world, easy)
    assert "Squads side by side" in page and 'value="20to24" selected' in page and "rate=20to24" in page
    assert "No session fits" in club(world, replace(fast, kind="steady"))
    client: FlaskClient = world.app.server.test_client()
    client.get("/demo/coach")
    assert sessions_in(shown_at(client, "/", "?rate=20to24"))
    assert not sessions_in(shown_at(client, "/", "?rate=from32&kind=steady"))


def test_hidden_names_stay_hidden_from_list_to_session(world: SeasonWorld) -> None:
    client: FlaskClient = world.app.server.test_client()
    client.get("/demo/coach")
    club = shown_at(client, "/club", "?names=off")
    numbers = set(re.findall(r"Rower \d+", club))
    listed = shown_at(client, "/", "?names=off")
    key = f"{world.filmed}.rowsense"
    session = shown_at(client, f"/session/{key}", "?names=off")
    season = shown_at(client, f"/athlete/{ROWERS[0].id}", "?names=off")
    assert f"/session/{key}?names=off" in listed and "/session/" in season
    assert all("names=off" in link for link in re.findall(r"/session/[^\"<>\\ ]+", listed + season))
    for page in (listed, session, season):
        assert not any(rower.name in page for rower in ROWERS) and "clip." not in page
        assert numbers & set(re.findall(r"Rower \d+", page))
    open_again = shown_at(client, f"/session/{key}")
    assert 'data-names": ""' in open_again and 'data-names": "off"' in session


def test_where_a_club_hides_names_no_page_says_one(world: SeasonWorld) -> None:
    client: FlaskClient = world.app.server.test_client()
    client.get("/demo/coach")
    key, coach = f"{world.filmed}.rowsense", world.people[COACH]
    before = read_policies(world.store.database, world.scope)
    keep_policies(world.store.database, world.scope, replace(before, hide_names=True), by=coach)
    try:
        compared = f"?first={key}&strokes=1&with=2"
        shown = [
            shown_at(client, pathname, search)
            for pathname, search in (
                ("/", ""), ("/", "?names=on&find=rower"), ("/club", ""), (f"/athlete/{ROWERS[0].id}", ""),
                (f"/session/{key}", ""), ("/compare", ""), ("/compare", f"?first={key}"), ("/compare", compared),
                ("/compare/seasons", f"?first={ROWERS[0].id}"),
            )
        ]  # fmt: skip
        shown += [client.get(f"/compare/data.json{compared}").text, client.get(f"/share/{key}").text]
        for page in shown:
            assert not [rower.name for rower in ROWERS if rower.name in page] and "clip." not in page
        number = re.findall(r"Rower \d+", shown[3])[0]
        assert all(number in page for page in (*shown[4:9], shown[10])), "the same one everywhere"
        assert "Show the name" not in shown[4] and "Every stroke (CSV)" in shown[4] and "report.pdf" not in shown[4]
        assert not sessions_in(shown_at(client, "/", f"?find={ROWERS[0].name}")), "nor is she found by it"
        assert sessions_in(shown_at(client, "/", f"?find={number}"))
        assert client.get(f"/media/{key}/report.html").status_code == 404
        assert ROWERS[0].name in client.get("/upload").text, "who is in a film is said by name"
        client.get("/demo/athlete")
        assert all(ROWERS[0].name in shown_at(client, to) for to in ("/", f"/athlete/{ROWERS[0].id}")), "to herself"
    finally:
        keep_policies(world.store.database, world.scope, before, by=coach)


# --- charts


def test_axes_have_round_numbers_and_months() -> None:
    assert steps(0.0, 10.0) == [0, 2, 4, 6, 8, 10] and steps(-0.07, 0.12, 4) == [-0.05, 0.0, 0.05, 0.1]
    assert steps(3.0, 3.0) == steps(float("nan"), 1.0) == []
    assert day_steps(english(), date(2026, 1, 5), date(2026, 1, 20)) == [
        (date(2026, 1, 5), "5 Jan"),
        (date(2026, 1, 20), "20 Jan"),
    ]
    named = day_steps(english(), date(2025, 10, 5), date(2026, 9, 20))
    assert len(named) <= 4 and named[0] == (date(2025, 11, 1), "Nov")


def test_a_chart_of_little_is_still_a_chart() -> None:
    one = Mark(date(2026, 3, 1), 5.0, 1.0, 9.0, float("nan"), float("nan"), "/x", "words")
    drawn = season_line(
        english(), SeasonLine([one], None, None, float("nan"), (), (float("-inf"), float("inf")), unit="°")
    )
    assert drawn.count("<circle") == 2 and "nan" not in drawn and 'tabindex="-1"' in drawn
    unsure = replace(one, low=float("nan"), high=float("nan"))
    drawn = season_line(
        english(), SeasonLine([unsure], None, None, float("nan"), (), (float("-inf"), float("inf")), unit="°")
    )
    assert "nan" not in drawn and 'class="interval"' not in drawn and drawn.count("<circle") == 2
    assert season_line(english(), SeasonLine([], None, None, 1.0, (), (0.0, 1.0))) == ""
    strip = squad_strip(english(), [SquadRow("A & B", (RowerDot(3.0, "/x", "a"), RowerDot(3.0, "/y", "b")), ())], "°")
    assert strip.count('class="dot"') == 2 and "A &amp; B" in strip
    heights = re.findall(r'cy="([\d.]+)" r="5"', strip)
    assert len(set(heights)) == 2, "two of the same value do not cover each other"
    assert (
        squad_strip(english(), [], "") == fault_strip(english(), [], DAY, DAY) == stroke_strip(english(), [], "") == ""
    )
    assert "nan" not in stroke_strip(english(), [(0, 4.0, "/x", "stroke 1")], "°")
    assert stroke_bars([]).startswith("<svg") and stroke_bars([50.0] * 500).count("<rect") == 70


def test_words_and_addresses() -> None:
    assert quantity_of("fault:hips_tip_back").name(english()) == "Hips tip back into the catch"
    assert (
        shown(english(), quantity_of("fault:hips_tip_back"), 0.5) == "50 %"
        and shown(english(), quantity_of("score_slide"), 71.6) == "72"
    )
    assert quantity_of("score_slide").said(english(), -4.0) == "The score of slide forward fell by 4"
    assert quantity_of("knee_deg_catch").said(english(), 3.0) == "Knee angle at the catch: 3° more"
    key = uuid.UUID(int=7)
    assert session_address(key, 3) == f"/session/{key}.rowsense?stroke=3"
    assert athlete_address(key, Filters(squad=key, every=True, kind="test")) == f"/athlete/{key}?kind=test"
    assert tag("option", "<", value='"', selected=False, checked=True) == '<option value="&#34;" checked>&lt;</option>'


def test_who_was_taken_out_of_the_demonstration_is_another_from_then_on(world: SeasonWorld) -> None:
    client: FlaskClient = world.app.server.test_client()
    client.get("/demo/athlete")
    with world.store.database.writing(AllClubs("take the rower out")) as unit:
        unit.execute(delete(Membership).where(Membership.user_id == world.people[ATHLETE]))
    assert client.get("/people").location == "/"
    assert "The coach" in client.get("/account").text
    with world.store.database.writing(AllClubs("delete the coach")) as unit:
        unit.execute(delete(User).where(User.id == world.people[COACH]))
    for role in (ATHLETE, COACH):
        assert client.get(f"/demo/{role}").location == "/"
        assert client.get("/people").status_code == 200, "the administrator is left"
