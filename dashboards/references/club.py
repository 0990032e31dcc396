"""The references of a club for one of its sessions, and what the viewer may choose."""

from __future__ import annotations

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.addresses import player_address
from dashboards.notes.club import session_id
from dashboards.player.ghosts import Chosen, References
from dashboards.player.one_stroke import at_moment
from dashboards.remarks import remarks
from dashboards.sessions import SUFFIX
from dashboards.texts.reader import texts
from rowsense.store.access import Action, Viewer
from rowsense.store.club_policies import read_policies
from rowsense.store.references import Reference, references_of
from rowsense.store.scope import ClubScope
from rowsense.store.tables import CLUB_REFERENCE, OWN_REFERENCE
from rowsense.store.viewers import may_do

#: Where the club's is asked for: also by those who may not see its session.
ADDRESS = "/reference"


class ClubChooser:
    """From the club's store."""

    def of(self, key: str) -> References:
        """Of her own and of the club; one whose session waits for what she felt is left out."""
        database, viewer, here = store().database, signed_in_viewer(), session_id(key)
        unasked = remarks().to_be_asked()
        found = [
            one for one in references_of(database, viewer, here) if f"{one.session_id}{SUFFIX}" not in unasked
        ]  # fmt: skip
        chosen = tuple(
            Chosen(
                whose=one.whose,
                words=_words(one, viewer),
                scene=_scene(one),
                time_s=one.time_s if one.session_id == here else None,
                may_take_back=may_take_back(viewer, one),
            )
            for one in found
        )
        return References(chosen, f"{ADDRESS}/{key}", may_choose(viewer, key))


def may_choose(viewer: Viewer, key: str) -> tuple[str, ...]:
    """Whose references the viewer may choose from a session."""
    database, here = store().database, session_id(key)
    own = (OWN_REFERENCE,) if may_do(database, viewer, Action.ADD, here) else ()
    if not may_do(database, viewer, Action.CHANGE, here):
        return own
    compares = read_policies(database, ClubScope(viewer.club_id)).compare_rowers
    return (*own, CLUB_REFERENCE) if compares else own


def may_take_back(viewer: Viewer, one: Reference) -> bool:
    """A rower her own strokes, whosever reference they are; who coaches any that she is shown."""
    return viewer.athlete_id is None or one.athlete_id == viewer.athlete_id


def _words(one: Reference, viewer: Viewer) -> str:
    t = texts()
    if one.whose == OWN_REFERENCE:
        return t("player.reference.own", day=t.day(one.rowed_on))
    return t("player.reference.club_hers" if one.athlete_id == viewer.athlete_id else "player.reference.club")


def _scene(one: Reference) -> str:
    if one.whose == CLUB_REFERENCE:
        return f"{ADDRESS}/club.json"
    return f"{player_address(f'{one.session_id}{SUFFIX}')}/stroke/{at_moment(one.time_s)}.json"
