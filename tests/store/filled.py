"""A row of every table, as each revision has them: what somebody's store holds when a newer RowSense comes.

A revision that adds a table or a column adds it here. Rows stay as they were for the revision they belong to.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, select

from rowsense.store.database import Database
from rowsense.store.scope import SCOPE, WRITES, AllClubs

Row = dict[str, Any]


def key(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)


CLUB, USER, ATHLETE, SQUAD, SESSION, CALIBRATION, ANALYSIS, COMMENT, TAG = map(key, range(1, 10))
AT = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)
SHA = "ab" * 32
OWN: Row = {"club_id": CLUB, "created_at": AT}
MEDIANS: Row = {"rate_spm": 22.5, "drive_s": 0.9, "recovery_s": 1.8, "score": 71.25}

#: Revision -> table -> its row. Parents first.
ROWS: dict[str, dict[str, Row]] = {
    "0001": {
        "clubs": {"id": CLUB, "name": "Łódź", "created_at": AT},
        "users": {
            "id": USER, "email": "coach@club.example", "name": "Jana", "password_hash": "x", "active": True,
            "session_key": "k", "created_at": AT,
        },
        "athletes": {"id": ATHLETE, "name": "Žofie", "birth_year": 2004, "style": "", "level": "club", **OWN},
        "squads": {"id": SQUAD, "name": "Juniors", **OWN},
        "squad_athletes": {"squad_id": SQUAD, "athlete_id": ATHLETE, "club_id": CLUB},
        "memberships": {"id": key(20), "user_id": USER, "role": "athlete", "athlete_id": ATHLETE, **OWN},
        "invitations": {
            "id": key(21), "email": "new@club.example", "role": "coach", "token_sha256": SHA,
            "invited_by_user_id": USER, "expires_at": AT.replace(day=8), **OWN,
        },
    },
    "0002": {
        "sessions": {
            "id": SESSION, "athlete_id": ATHLETE, "created_by_user_id": USER, "rowed_on": date(2026, 3, 1),
            "piece_kind": "steady", "distance_m": 8000.0, "rate_spm": 20.0, "perceived_effort": 3.5, "power_w": 140.0,
            "ergometer_type": "static", "drag_factor": 115.0, "foot_height_hole": 4, "notes": "wind", **OWN,
        },
        "videos": {
            "id": key(22), "session_id": SESSION, "name": "a.mp4", "sha256": SHA, "file_key": "a/b",
            "byte_count": 5_000_000_000, "codec": "h264", "duration_s": 60.0, "fps": 29.97, "width_px": 1280,
            "height_px": 720, **OWN,
        },
        "calibrations": {
            "id": CALIBRATION, "athlete_id": ATHLETE, "club_id": CLUB, "made_at": AT, "estimator": "e",
            "document": {"pelvic_tilt": {"neutral_deg": -3.5}, "notes": ["ň"]},
        },
    },
    "0003": {
        "analyses": {
            "id": ANALYSIS, "session_id": SESSION, "version": 1, "calibration_id": CALIBRATION,
            "rowsense_version": "0.1", "schema_version": 1, "file_prefix": "p", "spine_reference": "calibration",
            "style": "", "level": "", "stroke_count": 9, "usable_stroke_count": 8, **MEDIANS,
            "summary": {"score": 71.25, "faults": []}, **OWN,
        },
        "strokes": {
            "analysis_id": ANALYSIS, "stroke": 0, "club_id": CLUB, "catch_frame": 12, "catch_time_s": 0.4,
            **MEDIANS, "pelvic_tilt_deg_catch": -8.25,
        },
    },
    "0004": {
        "comments": {
            "id": COMMENT, "session_id": SESSION, "author_user_id": USER, "stroke": 0, "time_s": 0.4,
            "text": "hips", **OWN,
        },
        "tags": {"id": TAG, "club_id": CLUB, "name": "camp"},
        "session_tags": {"session_id": SESSION, "tag_id": TAG, "club_id": CLUB},
        "audit_entries": {
            "id": key(23), "club_id": CLUB, "at": AT, "actor_user_id": USER, "action": "delete",
            "subject_kind": "sessions", "subject_id": key(99), "details": {},
        },
    },
    "0005": {
        "file_claims": {"prefix": "c/p", "state": "writing", **OWN},
    },
    "0006": {
        "analysis_quantities": {
            "club_id": CLUB, "quantity": "drive_s", "athlete_id": ATHLETE, "rowed_on": date(2026, 3, 1),
            "analysis_id": ANALYSIS, "session_id": SESSION, "week": date(2026, 2, 23), "piece_kind": "steady",
            "shown": True, "stroke_count": 8, "mean": 0.9, "sd": 0.02, "first_bin": 88, "bins": bytes(8),
        },
    },
    "0007": {
        "monitor_files": {
            "id": key(24), "session_id": SESSION, "name": "erg.csv", "file_prefix": "c/m", "sample_count": 100,
            "duration_s": 60.0, "distance_m": 250.0, "offset_s": 3.5, "offset_low_s": 3.0, "offset_high_s": 4.0,
            "reason": "", **OWN,
        },
    },
    "0008": {
        "squad_coaches": {"squad_id": SQUAD, "user_id": USER, "club_id": CLUB},
        "consents": {
            "id": key(25), "athlete_id": ATHLETE, "guardian_name": "Marek", "given_on": date(2026, 2, 1),
            "recorded_by_user_id": USER, "withdrawn_at": AT, **OWN,
        },
        "invitation_squads": {"invitation_id": key(21), "squad_id": SQUAD, "club_id": CLUB},
        "one_time_links": {
            "id": key(26), "purpose": "password", "user_id": USER, "token_sha256": SHA,
            "expires_at": AT.replace(day=2), "used_at": AT, "created_at": AT,
        },
        "sign_ins": {
            "id": key(27), "user_id": USER, "token_sha256": SHA, "seen_at": AT, "agent": "a browser", "created_at": AT,
        },
        "failed_sign_ins": {"id": key(28), "subject_sha256": SHA, "at": AT},
    },
    "0009": {
        "jobs": {
            "id": key(29), "kind": "analyze", "payload": {"video": "Žofie.mp4"}, "athlete_id": ATHLETE,
            "state": "running", "priority": 10, "attempt": 2, "failure_count": 1, "death_count": 0,
            "restart_count": 1, "max_attempts": 3, "not_before": AT, "stage": "observe",
            "done": 0.25, "total": 1.0, "resumed_done": 0.0,
            "checkpoint": {"analysed": "f"}, "cancel_requested": False, "runner": "laptop 12", "worker": "laptop 13",
            "worker_version": "0.1", "beat": 7, "beat_at": AT, "error": "", "started_at": AT, **OWN,
        },
    },
    "0010": {
        "uploads": {
            "id": key(30), "user_id": USER, "name": "Žofie.mov", "byte_count": 4_000_000_000,
            "filmed_on": date(2026, 3, 1), "state": "claimed", "problem": "", "found": {"sha256": SHA},
            "claim": {"notes": "ň"}, "session_id": SESSION, "job_id": key(29), **OWN,
        },
    },
    "0011": {
        "comments": {
            "id": key(31), "session_id": SESSION, "answers_comment_id": COMMENT, "author_user_id": USER, "text": "ano",
            "drawing": {"shapes": [{"kind": "line", "points": [[1.5, 2.0], [3.0, 4.0]]}]}, "deleted_at": AT, **OWN,
        },
        "comment_reads": {"session_id": SESSION, "user_id": USER, "club_id": CLUB, "read_until": AT},
        "felt_answers": {"session_id": SESSION, "club_id": CLUB, "answer": "unsure", "said_at": AT},
    },
    "0012": {
        "sessions": {
            "id": key(32), "athlete_id": ATHLETE, "rowed_on": date(2026, 3, 1), "notes": "", "held_at": AT, **OWN,
        },
        "club_settings": {
            "club_id": CLUB, "topic": "privacy", "document": {"keep_films_days": 30}, "changed_at": AT,
        },
        "share_links": {
            "id": key(33), "session_id": SESSION, "analysis_id": ANALYSIS, "created_by_user_id": USER,
            "label": "fyzio Žofie", "token_sha256": SHA, "expires_at": AT.replace(day=8), "revoked_at": AT,
            "named": False, "face_blurred": True, "surroundings_blurred": True, "film": "clip",
            "file_prefix": "c/s", "opened_count": 2, "last_opened_at": AT, **OWN,
        },
    },
    "0013": {
        "api_tokens": {
            "id": key(34), "club_id": CLUB, "user_id": USER, "name": "Žofie's laptop", "token_sha256": SHA,
            "scopes": "season upload", "expires_at": AT.replace(day=30), "seen_at": AT, "created_at": AT,
        },
    },
    "0014": {
        "clubs": {"id": key(40), "name": "Druhý klub", "created_at": AT, "second_step_since": AT},
        "users": {
            "id": key(41), "email": "two@club.example", "name": "Iva", "password_hash": "x", "active": True,
            "session_key": "k2", "created_at": AT, "mail_off_since": AT,
        },
        "memberships": {
            "id": key(42), "user_id": key(41), "role": "coach", "chosen_at": AT, "mailed_at": AT, **OWN,
        },
        "sign_ins": {
            "id": key(43), "user_id": USER, "token_sha256": "cd" * 32, "seen_at": AT, "agent": "", "created_at": AT,
            "club_id": CLUB,
        },
        "second_steps": {"user_id": USER, "totp_secret": "{}", "last_counter": 59_000_000, "created_at": AT},
        "recovery_codes": {"user_id": USER, "code_sha256": SHA},
        "mails": {
            "id": key(44), "purpose": "invitation", "invitation_id": key(21), "club_id": CLUB, "attempt": 2,
            "next_at": AT, "failed_at": AT, "error": "no such mailbox", "created_at": AT,
        },
    },
    "0015": {
        "catalogue_versions": {
            "number": 1, "changes": {"level": "racing"}, "note": "přísnější", "made_by_user_id": USER, **OWN,
        },
        "analyses": {
            "id": key(35), "session_id": SESSION, "version": 2, "calibration_id": CALIBRATION,
            "rowsense_version": "0.1", "schema_version": 1, "catalogue_number": 1, "judges_version": 1,
            "file_prefix": "p2", "spine_reference": "calibration", "style": "", "level": "racing", "stroke_count": 9,
            "usable_stroke_count": 8, **MEDIANS, "summary": {"score": 71.25, "faults": []}, **OWN,
        },
    },
    "0016": {
        "job_parts": {
            "job_id": key(29), "part": 0, "club_id": CLUB, "plan": {"stride": 1}, "holder_id": key(29),
            "holder_attempt": 2, "result": b"\0x",
        },
    },
    "0017": {
        "users": {
            "id": key(40), "email": "ruderin@club.example", "name": "Žofie", "password_hash": "x", "active": True,
            "session_key": "l", "language": "de", "created_at": AT,
        },
    },
    "0018": {
        "paces": {"id": key(34), "remaining": 12.5, "at": AT},
        "runner_states": {"id": 1, "runner": "server 7, own workers", "state": "runs", "at": AT},
    },
    "0019": {"seen_times": {"id": 1, "at": AT, "doubted_s": 12.5}},
    "0020": {"folder_sizes": {"prefix": "p", "byte_count": 1 << 33, "film_byte_count": 7, "club_id": CLUB}},
    "0021": {
        "memberships": {
            "id": key(41), "user_id": key(40), "role": "administrator", "suspended_at": AT, **OWN,
        },
    },
    "0022": {"reference_strokes": {"session_id": SESSION, "whose": "club", "time_s": 12.5, **OWN}},
}  # fmt: skip


def raw(database: Database) -> Any:
    """A transaction below the ORM, on which anything can be said."""
    return database.engine.execution_options(**{SCOPE: AllClubs("look from below"), WRITES: True}).begin()


def fill(database: Database, revision: str) -> None:
    """Put a row into every table that there is at ``revision``."""
    with raw(database) as connection:
        for tables in (rows for number, rows in ROWS.items() if number <= revision):
            for name, row in tables.items():
                table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
                connection.execute(insert(table), {column: _fitting(connection, v) for column, v in row.items()})


def contents(database: Database) -> dict[str, list[Row]]:
    """Every row of every table, as the database itself sees them."""
    with raw(database) as connection:
        tables = MetaData()
        tables.reflect(connection)
        return {
            name: [dict(row._mapping) for row in connection.execute(select(table))]
            for name, table in tables.tables.items()
            if name != "alembic_version"
        }


def _fitting(connection: Connection, value: Any) -> Any:
    """As the driver wants it when only the reflected type is known: SQLite has neither UUIDs nor time zones."""
    if connection.dialect.name == "sqlite" and isinstance(value, uuid.UUID):
        return value.hex
    if connection.dialect.name == "sqlite" and isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
