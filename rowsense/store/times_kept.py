"""When things go by a club's times of keeping: arithmetic on moments, without a database."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from rowsense.store.club_settings import KeptPrivacy

#: A film without an analysis waits so long for somebody to try it again, whatever is settled [D].
UNANALYSED: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Dates:
    """What the end of a session's things counts from."""

    rowed_on: date
    created_at: datetime
    analysed_at: datetime | None
    """Its first analysis; None: there is none yet."""


def film_ends(kept: KeptPrivacy, dates: Dates) -> datetime | None:
    """When the film as it was filmed goes; None: as long as the session stays.

    What was there before the settings changed goes no sooner than their grace allows.
    """
    privacy = kept.privacy
    if privacy.keep_originals and privacy.keep_films_days is None:
        return None
    days = timedelta(days=privacy.keep_films_days or 0) if privacy.keep_originals else timedelta(0)
    if dates.analysed_at is None:
        return _with_grace(kept, dates.created_at, dates.created_at + max(days, UNANALYSED))
    return _with_grace(kept, dates.analysed_at, dates.analysed_at + days)


def session_ends(kept: KeptPrivacy, dates: Dates) -> datetime | None:
    """When the session goes with all that is in it; None: it stays.

    It counts from the day of rowing, or from the day on which it came in where that is later: an old film that was
    brought in today does not go tomorrow.
    """
    months = kept.privacy.keep_sessions_months
    if months is None:
        return None
    begins = max(dates.rowed_on, dates.created_at.astimezone(UTC).date())
    last = months_later(begins, months)
    return _with_grace(kept, dates.created_at, datetime(last.year, last.month, last.day, tzinfo=UTC))


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of its month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of its month."""
    return months_later(day, -months)


def _with_grace(kept: KeptPrivacy, there_since: datetime, ends: datetime) -> datetime:
    not_before = kept.not_before()
    if kept.changed_at is None or not_before is None or there_since > kept.changed_at:
        return ends
    return max(ends, not_before)
