"""One analysed video as a folder: staged beside its place, moved in when it is complete."""

from __future__ import annotations

import json
import shutil
import tempfile
import typing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import (
    ANGLE_NAMES,
    ANGLE_SD_NAMES,
    BACK_POINT_COUNT,
    LANDMARK_NAMES,
    SCHEMA_VERSION,
    SPINE_ANGLE_NAMES,
)
from rowsense.errors import OutputError, UsageError
from rowsense.model import AngleSeries, PoseTrack, Session
from rowsense.store.codec import from_json, to_json
from rowsense.store.parquet import Table, read_table, write_table
from rowsense.store.track_windows import WindowTables, units_per_px
from rowsense.store.window_file import NAME as WINDOWS
from rowsense.store.window_file import write_windows

SUMMARY = "summary.json"
#: Everything an analysis may leave in its folder; anything else there is somebody else's.
OWN_NAMES = frozenset(
    {
        SUMMARY, "session.json", "frames.parquet", "track.parquet", "strokes.parquet", "frames.csv",
        "track.csv", "strokes.csv", "overlay.mp4", "film.mp4", "report.html", "report.pdf", "card.png", "faults",
        "judging.npz", "best_stroke.mp4", "worst_stroke.mp4", WINDOWS,
    }
)  # fmt: skip
_SERIES_FIELDS = ("track", "angles")
#: Fields of a session that older ones were stored without.
_LATER = ("history", "felt")


def check_target(target: Path, *, force: bool, own: frozenset[str] = OWN_NAMES) -> None:
    """Refuse, before any work is done, a place where the results cannot or should not go.

    ``own``: the names that may be there already.

    Raises
    ------
    UsageError
        ``target`` is a file, or a folder that holds other things and ``force`` is not set.
    OutputError
        Nothing can be written there.
    """
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target}: is a file, not a folder; choose another place with --out")
    if target.is_dir() and not force:
        foreign = sorted(p.name for p in target.iterdir() if p.name not in own)
        if foreign:
            raise UsageError(
                f"{target}: holds other things ({foreign[0]}{' ...' if len(foreign) > 1 else ''}); "
                "choose another folder with --out, or add --force to write beside them"
            )
    existing = next(p for p in target.absolute().parents if p.exists())
    try:  # rather than to ask for the permission: a system that takes no files says so only then
        tempfile.TemporaryDirectory(prefix=".rowsense.", dir=existing).cleanup()
    except OSError as error:
        raise OutputError(
            f"{existing}: cannot be written to ({error.strerror}); choose another place with --out"
        ) from error


@contextmanager
def staged(target: Path, own: frozenset[str] = OWN_NAMES) -> Iterator[Path]:
    """Yield a fresh folder beside ``target``; move its contents into ``target`` only if the block succeeds.

    What is there already under one of the names ``own`` goes.

    On any error or interrupt the staging folder goes and ``target`` stays exactly as it was.

    Raises
    ------
    OutputError
        The staging folder cannot be made or moved.
    """
    target = target.absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{target}: cannot be made ({error.strerror}); choose another place with --out") from error
    try:
        yield staging
        staging.chmod(0o755)
        _move_in(staging, target, own)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror}); free some space or choose --out") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _move_in(staging: Path, target: Path, own: frozenset[str]) -> None:
    if not target.exists():
        staging.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".old", dir=target.parent))
    try:
        for name in sorted(own):
            if (target / name).exists():
                (target / name).rename(old / name)
        for item in staging.iterdir():
            item.rename(target / item.name)
    except BaseException:
        for item in old.iterdir():
            _remove(target / item.name)
            item.rename(target / item.name)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_session(folder: Path, session: Session, summary: dict[str, Any], tables: dict[str, Table]) -> None:
    """Write summary, tables, what :func:`read_session` needs and what a page draws on the film into ``folder``."""
    for name, table in tables.items():
        write_table(folder / f"{name}.parquet", table)
    unit = units_per_px(session.video.width_px, session.video.height_px)
    write_windows(folder / WINDOWS, WindowTables(tables["track"], tables["frames"], session.near_side, unit))
    rest = {name: to_json(getattr(session, name)) for name in session.__slots__ if name not in _SERIES_FIELDS}
    _write_json(folder / "session.json", {"schema_version": SCHEMA_VERSION, **rest})
    _write_json(folder / SUMMARY, summary)


def side_view_columns(session: Session) -> Table:
    """Columns of ``frames.parquet`` beyond the contract that :func:`read_session` needs."""
    return {"handle_side_px": session.angles.handle_x_px, "seat_side_px": session.angles.seat_x_px}


def read_session(folder: Path, *, positions: bool = True) -> Session:
    """Read a session folder back.

    ``positions`` False leaves landmarks and back line unread (NaN everywhere): of an hour they take seconds and most of
    the memory, and who only says what was found needs none.

    Raises
    ------
    UsageError
        ``folder`` is not a session folder, or one of another schema version.
    OutputError
        A file in it is damaged.
    """
    if not (folder / "session.json").is_file():
        raise UsageError(f"{folder}: is not a RowSense session; give a folder that `rowsense analyze` wrote")
    try:
        rest = json.loads((folder / "session.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(f"{folder / 'session.json'}: damaged ({error}); analyse the video again") from error
    if rest.get("schema_version") != SCHEMA_VERSION:
        raise UsageError(
            f"{folder}: written by another version of RowSense (schema {rest.get('schema_version')}, "
            f"this one reads {SCHEMA_VERSION}); analyse the video again"
        )
    frames = read_table(folder / "frames.parquet")
    track = read_table(folder / "track.parquet") if positions else None
    try:
        series = _angle_series(frames)
        return _session(rest, _bare_track(frames) if track is None else _pose_track(frames, track), series)
    except (KeyError, TypeError, ValueError) as error:
        raise OutputError(f"{folder}: damaged ({error}); analyse the video again") from error


def _session(rest: dict[str, Any], track: PoseTrack, angles: AngleSeries) -> Session:
    hints = typing.get_type_hints(Session)
    # What came later than a stored session has a default.
    stored = [name for name in Session.__slots__ if name not in _SERIES_FIELDS and (name in rest or name not in _LATER)]
    values = {name: from_json(hints[name], rest[name]) for name in stored}
    return Session(track=track, angles=angles, **values)


def _pose_track(frames: dict[str, NDArray[Any]], track: dict[str, NDArray[Any]]) -> PoseTrack:
    def stack(names: list[str], axes: Sequence[str]) -> NDArray[np.float32]:
        columns = [np.stack([track[f"{n}_{a}"] for a in axes], axis=-1) for n in names]
        return np.stack(columns, axis=1, dtype=np.float32, casting="same_kind")

    def spine(names: Sequence[str]) -> NDArray[np.float32] | None:
        columns = [track[f"picture_{name}"] for name in names if f"picture_{name}" in track]
        return np.stack(columns, axis=1).astype(np.float32) if columns else None

    back = [f"back_{i:02d}" for i in range(BACK_POINT_COUNT)]
    return PoseTrack(
        frame=frames["frame"].astype(np.int64),
        time_s=frames["time_s"],
        xy_px=stack(list(LANDMARK_NAMES), "xy"),
        visibility=stack(list(LANDMARK_NAMES), ("visibility",))[..., 0],
        back_xy_px=stack(back, "xy"),
        back_seen=stack(back, ("seen",))[..., 0],
        inferred=frames["inferred"].astype(bool),
        spine_deg=spine(SPINE_ANGLE_NAMES),
        spine_sd_deg=spine(ANGLE_SD_NAMES),
    )


def _bare_track(frames: dict[str, NDArray[Any]]) -> PoseTrack:
    """Times without positions. Every missing number is the same one: it takes no room."""

    def missing(*shape: int) -> NDArray[np.float32]:
        return np.broadcast_to(np.float32(np.nan), (len(frames["frame"]), *shape))

    return PoseTrack(
        frame=frames["frame"].astype(np.int64),
        time_s=frames["time_s"],
        xy_px=missing(len(LANDMARK_NAMES), 2),
        visibility=missing(len(LANDMARK_NAMES)),
        back_xy_px=missing(BACK_POINT_COUNT, 2),
        back_seen=missing(BACK_POINT_COUNT),
        inferred=frames["inferred"].astype(bool),
    )


def _angle_series(frames: dict[str, NDArray[Any]]) -> AngleSeries:
    return AngleSeries(
        time_s=frames["time_s"],
        values={name: frames[name] for name in ANGLE_NAMES + ANGLE_SD_NAMES},
        handle_x_px=frames["handle_side_px"],
        seat_x_px=frames["seat_side_px"],
        confidence=frames["confidence"],
    )


def _write_json(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
