"""Tables of a session as CSV: made of the stored ones when somebody asks."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from flask import Response, abort, make_response, send_file

from dashboards.session_files import SessionFiles
from rowsense.errors import OutputError
from rowsense.store.parquet import csv_twin

#: The stored tables; landmarks of every frame, in hundreds of columns, are for programs only.
PARQUET: Final = ("strokes.parquet", "frames.parquet", "track.parquet")
#: Name of a CSV file -> the table that it is made of.
CSV: Final = {"strokes.csv": "strokes.parquet", "frames.csv": "frames.parquet"}


def sent_csv(files: SessionFiles, name: str) -> Response:
    """One of :data:`CSV` of a session; 404 where it has no such table.

    That of an hour has 40 MB: it is written to a file and never held in memory.
    """
    try:
        source = files.folder(CSV[name]) / CSV[name]
    except OutputError:
        abort(404)
    # What it is sent from has no name and goes when it is closed, however the answer ends.
    body = tempfile.TemporaryFile(prefix="rowsense-csv-")  # noqa: SIM115 - whoever sends it closes it
    try:
        with tempfile.TemporaryDirectory(prefix="rowsense-csv-") as scratch:
            csv_twin(source, Path(scratch) / name)
            with (Path(scratch) / name).open("rb") as made:
                shutil.copyfileobj(made, body)
    except OutputError as error:
        body.close()
        abort(make_response(str(error), 500))
    body.seek(0)
    return send_file(body, mimetype="text/csv", as_attachment=True, download_name=name, max_age=0)
