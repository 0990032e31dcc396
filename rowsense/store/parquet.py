"""Tables as Parquet through DuckDB: numpy in, numpy out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rowsense.errors import OutputError

Table = Mapping[str, NDArray[Any]]


def write_table(path: Path, table: Table) -> None:
    """Write columns of equal length to ``path``; NaN becomes NULL ("not measured").

    Raises
    ------
    ValueError
        Columns of different length.
    OutputError
        The file cannot be written.
    """
    lengths = {name: len(column) for name, column in table.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"{path.name}: columns differ in length: {lengths}")
    _copy(path, table, "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384")


def write_csv(path: Path, table: Table) -> None:
    """Write the CSV twin of a table: empty cells where nothing was measured."""
    _copy(path, table, "FORMAT csv, HEADER")


def csv_twin(source: Path, target: Path) -> None:
    """Write the CSV twin of a table that is stored as Parquet.

    Raises
    ------
    OutputError
        The table is missing or damaged, or its twin cannot be written.
    """
    import duckdb

    places = [str(path).replace("'", "''") for path in (source, target)]
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        try:
            connection.execute(
                f"COPY (SELECT * FROM read_parquet('{places[0]}')) TO '{places[1]}' (FORMAT csv, HEADER)"
            )
        except duckdb.Error as error:
            raise OutputError(f"{source}: cannot be made a CSV file ({_first_line(error)})") from error


def _copy(path: Path, table: Table, options: str) -> None:
    import duckdb  # with the first table: commands that start need not wait for it

    columns = {name: _plain(column) for name, column in table.items()}
    with duckdb.connect() as connection:
        # One thread keeps one group of rows in memory at a time; writing takes tenths of a second either way.
        connection.execute("SET threads = 1")
        connection.register("columns", columns)
        # Every floating column passes through nullif-NaN so that "not measured" is NULL for every reader.
        selected = ", ".join(
            f"CASE WHEN isnan({_quoted(n)}) THEN NULL ELSE {_quoted(n)} END AS {_quoted(n)}"
            if c.dtype.kind == "f"
            else _quoted(n)
            for n, c in columns.items()
        )
        target = str(path).replace("'", "''")
        try:
            connection.execute(f"COPY (SELECT {selected} FROM columns) TO '{target}' ({options})")
        except duckdb.IOException as error:
            reason = _first_line(error)
            raise OutputError(f"{path}: cannot be written ({reason}); free some space or choose --out") from error


def read_table(
    path: Path, columns: Sequence[str] | None = None, frames: tuple[int, int] | None = None
) -> dict[str, NDArray[Any]]:
    """Read a table; floating NULLs come back as NaN, never as 0.

    Args:
        path: the file.
        columns: only these; None: all.
        frames: only rows whose ``frame`` lies in this half-open interval; what lies far from them is not read.

    Raises
    ------
    OutputError
        The file is missing or damaged.
    """
    import duckdb

    with duckdb.connect() as connection:
        if frames is not None:
            # A few rows: handing them to other threads takes longer than reading them, most of all on a busy machine.
            connection.execute("SET threads = 1")
        try:
            fetched = connection.execute(_selection(columns, frames), [str(path), *(frames or ())]).fetchnumpy()
        except duckdb.Error as error:
            raise OutputError(f"{path}: cannot be read ({_first_line(error)}); analyse the video again") from error
    return {name: _unmasked(column) for name, column in fetched.items()}


def _selection(columns: Sequence[str] | None, frames: tuple[int, int] | None) -> str:
    chosen = "*" if columns is None else ", ".join(map(_quoted, columns))
    rows = "" if frames is None else " WHERE frame >= ? AND frame < ? ORDER BY frame"
    return f"SELECT {chosen} FROM read_parquet(?){rows}"


def _plain(column: NDArray[Any]) -> NDArray[Any]:
    # DuckDB reads a column of a wider array where it stands, unless it runs backwards: no copy of a whole track.
    array = np.ascontiguousarray(column) if np.ndim(column) and column.strides[0] < 0 else np.asarray(column)
    return array.astype(object) if array.dtype.kind == "U" else array


def _unmasked(column: Any) -> NDArray[Any]:
    if column.dtype.kind == "f":
        # fetchnumpy masks NULLs over a data value of 0.0; filling is what keeps "unknown" from turning into 0.
        return np.asarray(np.ma.filled(column.astype(np.float64), np.nan))
    if column.dtype.kind == "O":
        return np.asarray(np.ma.filled(column, ""))
    return np.asarray(np.ma.getdata(column))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
