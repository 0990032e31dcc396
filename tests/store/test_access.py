"""Who may do what, over everything that viewers and things can be."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowsense.store.access import OPEN, SHELL, Action, Kind, Thing, Viewer, may
from rowsense.store.tables import ADMINISTRATOR, ATHLETE, COACH, ROLES

KEYS = st.sampled_from([uuid.UUID(int=i) for i in range(1, 4)])
SQUADS = st.frozensets(KEYS, max_size=3)
ACTIONS = st.sampled_from(Action)
THINGS = st.builds(
    Thing,
    kind=st.sampled_from(Kind),
    club_id=st.none() | KEYS,
    user_id=st.none() | KEYS,
    athlete_id=st.none() | KEYS,
    squads=SQUADS,
    withheld=st.booleans(),
)


@st.composite
def viewers(draw: st.DrawFn) -> Viewer:
    role = draw(st.sampled_from(ROLES))
    athlete = draw(KEYS) if role == ATHLETE else None
    return Viewer(draw(KEYS), draw(KEYS), role, draw(SQUADS) if role == COACH else frozenset(), athlete)


@given(ACTIONS, THINGS)
def test_who_is_not_signed_in_sees_what_is_open_and_nothing_else(action: Action, thing: Thing) -> None:
    assert may(None, action, thing) == (thing.kind is Kind.OPEN and action is Action.SEE)


@given(viewers(), ACTIONS, THINGS)
def test_nobody_gets_at_another_club(viewer: Viewer, action: Action, thing: Thing) -> None:
    if thing.kind in (Kind.SESSION, Kind.SQUADS, Kind.CLUB, Kind.UPLOAD) and thing.club_id != viewer.club_id:
        assert not may(viewer, action, thing)


@given(viewers(), ACTIONS, THINGS)
def test_a_withheld_session_is_nobodys(viewer: Viewer, action: Action, thing: Thing) -> None:
    if thing.kind is Kind.SESSION and thing.withheld:
        assert not may(viewer, action, thing)


@given(viewers(), ACTIONS, THINGS)
def test_rowers_are_put_beside_each_other_for_those_who_coach_alone(
    viewer: Viewer, action: Action, thing: Thing
) -> None:
    if thing.kind is Kind.SQUADS and may(viewer, action, thing):
        assert viewer.role in (ADMINISTRATOR, COACH) and action is Action.SEE


@given(viewers(), ACTIONS, THINGS)
def test_what_may_be_changed_may_be_seen(viewer: Viewer, action: Action, thing: Thing) -> None:
    assert not may(viewer, Action.CHANGE, thing) or may(viewer, Action.SEE, thing)


@given(viewers(), ACTIONS, THINGS)
def test_a_rower_sees_her_own_sessions_and_changes_none(viewer: Viewer, action: Action, thing: Thing) -> None:
    if viewer.role == ATHLETE and thing.kind is Kind.SESSION and may(viewer, action, thing):
        assert thing.athlete_id == viewer.athlete_id
        assert action in (Action.SEE, Action.ADD)


@given(viewers(), ACTIONS, THINGS)
def test_a_coach_sees_her_squads(viewer: Viewer, action: Action, thing: Thing) -> None:
    if viewer.role == COACH and thing.kind is Kind.SESSION and thing.club_id == viewer.club_id and not thing.withheld:
        assert may(viewer, action, thing) == bool(viewer.squads & thing.squads)


@given(viewers(), ACTIONS, THINGS)
def test_only_administrators_get_at_the_club(viewer: Viewer, action: Action, thing: Thing) -> None:
    if thing.kind is Kind.CLUB:
        assert may(viewer, action, thing) == (viewer.role == ADMINISTRATOR and thing.club_id == viewer.club_id)


@given(viewers(), ACTIONS, THINGS)
def test_an_account_is_its_users_alone(viewer: Viewer, action: Action, thing: Thing) -> None:
    if thing.kind is Kind.ACCOUNT:
        assert may(viewer, action, thing) == (thing.user_id == viewer.user_id)


@given(viewers())
def test_everybody_who_is_signed_in_sees_the_pages_themselves(viewer: Viewer) -> None:
    assert may(viewer, Action.SEE, OPEN)
    assert may(viewer, Action.SEE, SHELL)
    assert not may(viewer, Action.CHANGE, SHELL)


def test_a_viewer_that_cannot_be_is_refused() -> None:
    key = uuid.UUID(int=1)
    with pytest.raises(ValueError, match="none of administrator"):
        Viewer(key, key, "owner")
    with pytest.raises(ValueError, match="names an athlete"):
        Viewer(key, key, ATHLETE)
    with pytest.raises(ValueError, match="names an athlete"):
        Viewer(key, key, COACH, athlete_id=key)


@given(viewers(), ACTIONS, THINGS)
def test_an_upload_is_its_senders_alone(viewer: Viewer, action: Action, thing: Thing) -> None:
    if thing.kind is Kind.UPLOAD:
        mine = thing.user_id == viewer.user_id and thing.club_id == viewer.club_id
        assert may(viewer, action, thing) == mine
