"""A season's questions give what the strokes themselves give, and stay right as sessions come, change and go."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from rowsense.demo_club import make_demo_club
from rowsense.demo_season import DEMO_FAULTS, SeasonPlan, demo_rowers
from rowsense.season import Period, trend_of, who_changed_most
from rowsense.season.squads import squad_spreads
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.delete import delete_analysis
from rowsense.store.parquet import read_table, write_table
from rowsense.store.raw_strokes import raw_strokes
from rowsense.store.record import record
from rowsense.store.scope import ClubScope
from rowsense.store.season import Choice, grouped, known_quantities, many_points, percentiles, points
from rowsense.store.season import spreads as spread_of
from rowsense.store.season_of import (
    Span,
    kinds_of,
    measured_in,
    newest_scores,
    session_cards,
    span_of,
    strokes_of,
)
from rowsense.store.season_strokes import strokes_of_sessions
from rowsense.store.seen_athletes import athlete_for, athletes_for
from rowsense.store.tables import COACH, Analysis, Athlete, Squad, SquadAthlete, StrokeRow, TrainingSession
from rowsense.store.tables.season import week_of
from rowsense.store.windows import Stretches, last_rowed, windows
from tests.store.club import ATHLETE, CLUB, OTHER_CLUB, analysed_folder, check_healthy, recording

PLAN = SeasonPlan(athletes=6, squads=3, weeks=10, sessions_a_week=2, strokes=12)
FALL = "pelvic_tilt_fall_into_catch_deg"
TIP = "fault:hips_tip_back"
SHARES = (0.1, 0.5, 0.9)


def test_answers_are_those_of_the_strokes(store: ClubStore) -> None:
    scope = make_demo_club(store, PLAN)
    check_healthy(store)
    with store.database.reading(scope) as unit:
        facts = {
            key: (session, squad)
            for key, session, squad in unit.execute(
                select(Analysis.id, TrainingSession, SquadAthlete.squad_id)
                .join(TrainingSession, TrainingSession.id == Analysis.session_id)
                .join(SquadAthlete, SquadAthlete.athlete_id == TrainingSession.athlete_id)
            )
        }
    values = {key: table[FALL] for key, table in raw_strokes(store, scope, list(facts))}
    keys: dict[str, Any] = {
        "athlete": lambda session, squad: session.athlete_id,
        "squad": lambda session, squad: squad,
        "week": lambda session, squad: week_of(session.rowed_on),
        "piece_kind": lambda session, squad: session.piece_kind,
    }
    for by in itertools.chain.from_iterable(itertools.combinations(keys, n) for n in range(3)):
        expected = defaultdict(list)
        for key, (session, squad) in facts.items():
            expected[tuple(keys[name](session, squad) for name in by)].append(values[key])
        with store.database.reading(scope) as unit:
            found = {group.key: group for group in grouped(unit, Choice(FALL), by)}
            shares = percentiles(unit, Choice(FALL), by, SHARES)
        assert set(found) == set(expected) == set(shares)
        for key, sessions in expected.items():
            group, every = found[key], np.concatenate(sessions)
            assert (group.session_count, group.stroke_count) == (len(sessions), len(every))
            assert group.mean == pytest.approx(every.mean())
            assert group.sd == pytest.approx(every.std(ddof=1))
            assert group.session_mean == pytest.approx(np.mean([s.mean() for s in sessions]))
            low, high = (np.quantile(every, SHARES, method=how) for how in ("inverted_cdf", "higher"))
            assert np.all(np.array(shares[key]) >= low - 0.5)
            assert np.all(np.array(shares[key]) <= high + 0.5)
    _check_single_strokes(store, scope)


def _check_single_strokes(store: ClubStore, scope: ClubScope) -> None:
    """Of one rower, each with its own length; one of which nothing is known is not 0."""
    who = demo_rowers(PLAN)[1].id
    with store.database.writing(scope) as unit:
        session = select(Analysis.id).join(TrainingSession).where(TrainingSession.athlete_id == who).limit(1)
        blind = unit.scalars(select(StrokeRow).where(StrokeRow.analysis_id.in_(session.scalar_subquery()))).first()
        assert blind is not None
        setattr(blind, FALL, None)
    with store.database.reading(scope) as unit:
        found = strokes_of_sessions(unit, Choice("", athlete_ids=(who,)), (FALL,))[FALL]
        keys = {point.analysis_id for point in points(unit, Choice(FALL, athlete_ids=(who,)))}
        rows = unit.execute(select(StrokeRow.rate_spm, getattr(StrokeRow, FALL)).where(StrokeRow.analysis_id.in_(keys)))
        expected = sorted((60.0 / rate, value) for rate, value in rows if value is not None)
    told = [pair for one in found for pair in zip(one.stroke_s, one.values, strict=True)]
    assert sum(np.isnan(value) for _, value in told) == 1
    np.testing.assert_allclose(sorted(pair for pair in told if not np.isnan(pair[1])), expected, rtol=1e-12)
    assert [one.rowed_on for one in found] == sorted(one.rowed_on for one in found) and len(found) == len(keys)


def test_a_question_can_be_narrowed(store: ClubStore) -> None:
    scope = make_demo_club(store, PLAN)
    rowers = demo_rowers(PLAN)
    first = PLAN.last_day - timedelta(days=20)
    with store.database.reading(scope) as unit:
        every = points(unit, Choice(FALL))
        squad = unit.scalars(select(Squad.id).order_by(Squad.name)).first()
        late = points(unit, Choice(FALL, first=first, end=PLAN.last_day))
        hers = points(unit, Choice(FALL, athlete_ids=(rowers[0].id,)))
        theirs = points(unit, Choice(FALL, squad_id=squad))
        steady = points(unit, Choice(FALL, piece_kinds=("steady",)))
        kinds = dict(unit.execute(select(TrainingSession.id, TrainingSession.piece_kind)).all())
        quantities = known_quantities(unit)
    assert late == [p for p in every if first <= p.rowed_on < PLAN.last_day]
    assert hers == [p for p in every if p.athlete_id == rowers[0].id]
    assert theirs == [p for p in every if p.athlete_id in {r.id for r in rowers if r.squad == 0}]
    assert steady == [p for p in every if kinds[p.session_id] == "steady"]
    assert 0 < len(late) < len(every) and 0 < len(steady) < len(every)
    assert {FALL, "score", "score_slide", *(f"fault:{f}" for f in DEMO_FAULTS)} <= set(quantities)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_those_who_changed_are_found_and_the_others_are_not(store: ClubStore) -> None:
    plan = replace(PLAN, athletes=18, weeks=20, sessions_a_week=4, strokes=10)
    scope = make_demo_club(store, plan, with_files=False)
    truth = {rower.id: rower.change_deg for rower in demo_rowers(plan)}
    start = plan.last_day - timedelta(days=plan.weeks * 7)
    periods = Period(start, start + timedelta(days=30)), Period(plan.last_day - timedelta(days=30), date.max)
    with store.database.reading(scope) as unit:
        changes = who_changed_most(unit, Choice(FALL), *periods)
        trends = {rower: trend_of(points(unit, Choice(FALL, athlete_ids=(rower,))), FALL) for rower in truth}
        tipped = who_changed_most(unit, Choice(TIP), *periods)
    assert {c.athlete_id for c in changes} == set(truth)
    assert {c.athlete_id: np.sign(c.difference) for c in changes if c.clear} == {
        rower: np.sign(change) for rower, change in truth.items() if change
    }
    assert [c.strength for c in changes] == sorted((c.strength for c in changes), reverse=True)
    assert {rower for rower, trend in trends.items() if trend.clear} == {r for r, change in truth.items() if change}
    for rower, change in truth.items():
        assert trends[rower].change == pytest.approx(change, abs=4.0)
    assert all(truth[c.athlete_id] * c.difference > 0 for c in tipped[:4])


def test_another_club_has_another_season(store: ClubStore) -> None:
    make_demo_club(store, replace(PLAN, weeks=2))
    with store.database.reading(OTHER_CLUB) as unit:
        assert known_quantities(unit) == []
        assert grouped(unit, Choice(FALL), ["athlete"]) == []
        assert percentiles(unit, Choice(FALL), ["athlete"]) == {}


def _shown(store: ClubStore, quantity: str = "drive_s") -> list[tuple[uuid.UUID, date, float]]:
    with store.database.reading(CLUB) as unit:
        return [(p.athlete_id, p.rowed_on, round(p.mean, 6)) for p in points(unit, Choice(quantity))]


def _slower(folder: Path, seconds: float) -> Path:
    table = read_table(folder / "strokes.parquet")
    write_table(folder / "strokes.parquet", {**table, "drive_s": table["drive_s"] + seconds})
    return folder


def test_the_newest_version_counts(store: ClubStore, analysed: Path, tmp_path: Path) -> None:
    record(store, CLUB, recording(analysed))
    assert _shown(store) == [(ATHLETE, date(2026, 3, 1), 0.9)]
    record(store, CLUB, recording(_slower(analysed_folder(tmp_path / "b"), 0.1), version=2))
    assert _shown(store) == [(ATHLETE, date(2026, 3, 1), 1.0)]
    delete_analysis(store, CLUB, uuid.UUID(int=1002))
    assert _shown(store) == [(ATHLETE, date(2026, 3, 1), 0.9)]
    delete_analysis(store, CLUB, uuid.UUID(int=1001))
    assert _shown(store) == []


def test_what_is_said_of_a_session_later_counts(store: ClubStore, analysed: Path) -> None:
    other = uuid.UUID(int=12)
    row = record(store, CLUB, replace(recording(analysed), fault_ids=("late_lunge",)))
    with store.database.writing(CLUB) as unit:
        unit.add(Athlete(id=other, name="Jana"))
        unit.flush()
        session = unit.get_one(TrainingSession, row.session_id)
        session.athlete_id, session.rowed_on, session.piece_kind = other, date(2026, 4, 8), "race"
    assert _shown(store) == [(other, date(2026, 4, 8), 0.9)]
    with store.database.reading(CLUB) as unit:
        found = grouped(unit, Choice("fault:late_lunge"), ["week", "piece_kind"])
        tipped = grouped(unit, Choice(TIP), [])
    assert [(group.key, group.mean) for group in found] == [((date(2026, 4, 6), "race"), 0.0)]
    assert [(group.key, group.mean) for group in tipped] == [((), 1.0)]


def test_two_stretches_are_those_of_the_sessions(store: ClubStore) -> None:
    scope = make_demo_club(store, PLAN, with_files=False)
    days = Stretches(PLAN.last_day - timedelta(days=50), PLAN.last_day - timedelta(days=20), PLAN.last_day)
    rowers = [rower.id for rower in demo_rowers(PLAN)][:4]
    with store.database.reading(scope) as unit:
        found = windows(unit, (FALL, TIP), rowers, days)
        sessions = many_points(unit, Choice("", tuple(rowers), first=days.first, end=days.end), (FALL, TIP))
        assert windows(unit, (FALL,), (), days) == {}, "nobody is not everybody"
        assert set(windows(unit, (FALL,), rowers, days, ("race",))) == set()
        last = last_rowed(unit, rowers, days.split)
    assert set(found) == {(quantity, rower) for quantity in (FALL, TIP) for rower in rowers}
    for (quantity, rower), pair in found.items():
        for window, is_late in zip(pair, (False, True), strict=True):
            hers = [p for p in sessions[quantity] if p.athlete_id == rower and (p.rowed_on >= days.split) is is_late]
            means, sds = (np.array([getattr(p, name) for p in hers], dtype=float) for name in ("mean", "sd"))
            assert window is not None
            assert (window.session_count, window.spread_count) == (len(hers), len(hers))
            assert window.shown_count == int((means > 0).sum())
            assert window.session_mean == pytest.approx(means.mean()) and window.spread_mean == pytest.approx(
                sds.mean()
            )
            assert window.session_sd == pytest.approx(means.std(ddof=1), abs=1e-6)
            assert window.spread_sd == pytest.approx(sds.std(ddof=1), abs=1e-6)
    early = {
        key: max(p.rowed_on for p in sessions[FALL] if p.athlete_id == key and p.rowed_on < days.split)
        for key in rowers
    }
    assert last == early


def test_squads_hold_those_who_may_be_counted_and_nobody_else(store: ClubStore) -> None:
    scope = make_demo_club(store, PLAN, with_files=False)
    rowers = demo_rowers(PLAN)
    with store.database.reading(scope) as unit:
        squads = unit.scalars(select(Squad.id).order_by(Squad.name)).all()
        hers = {squads[0]: [r.id for r in rowers if r.squad == 0][:1], None: [r.id for r in rowers if r.squad == 1]}
        spreads = squad_spreads(unit, Choice(FALL), hers)
        alone = spread_of(unit, Choice(FALL, tuple(hers[squads[0]])))
        assert squad_spreads(unit, Choice(FALL), {squads[0]: []}) == ()
        seen = athletes_for(unit, Viewer(ATHLETE, scope.club_id, COACH, frozenset(squads[:1])))
        assert athlete_for(unit, Viewer(ATHLETE, scope.club_id, COACH, frozenset(squads[1:])), seen[0].id) is None
    assert [(a.name, [s.id for s in a.squads]) for a in seen] == sorted(
        (r.name, [squads[0]]) for r in rowers if r.squad == 0
    )
    assert [s.squad_id for s in spreads] == [squads[0], None]
    assert {place.athlete_id for s in spreads for place in s.rowers} == {key for keys in hers.values() for key in keys}
    assert spreads[0].rowers[0].mean == pytest.approx(np.mean([one.point.mean for one in alone]))
    assert spreads[0].rowers[0].session_count == len(alone) == PLAN.weeks * PLAN.sessions_a_week
    assert all(list(s.strokes) == sorted(s.strokes) and len(s.strokes) == 5 for s in spreads)
    assert all(one.low <= one.point.mean <= one.high for one in alone)


def test_an_athletes_page_counts_the_newest_analysis_of_each_session(store: ClubStore, analysed: Path) -> None:
    for number, version in ((1, 1), (1, 2), (2, 1)):
        record(store, CLUB, recording(analysed, number, version))
    with store.database.writing(CLUB) as unit:
        unit.add(TrainingSession(athlete_id=ATHLETE, rowed_on=date(2026, 3, 9)))
    with store.database.reading(CLUB) as unit:
        cards, count = session_cards(unit, ATHLETE, Choice(""), 10)
        (newest,), _ = session_cards(unit, ATHLETE, Choice("", first=date(2026, 3, 2)), 1)
        strokes = strokes_of(unit, cards[0].analysis_id, "score")
        assert newest_scores(unit, cards[0].session_id) == [one.value for one in strokes]
        assert strokes_of(unit, cards[0].analysis_id, "analysis_id") == [], "only what was measured"
        assert {"score", "fault:hips_tip_back"} <= measured_in(unit, [cards[0].analysis_id])
        assert span_of(unit, ATHLETE) == Span(2, date(2026, 3, 1), date(2026, 3, 2), waiting=1)
        assert kinds_of(unit, [ATHLETE]) == {"steady"} and kinds_of(unit, []) == set()
    assert count == 2 and newest == cards[0]
    assert [(card.rowed_on.day, card.analysis_id.int) for card in cards] == [(2, 2001), (1, 1002)]
    assert len(strokes) == cards[0].stroke_count == 7
