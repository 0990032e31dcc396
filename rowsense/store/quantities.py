"""What is kept of every quantity of an analysis, so that a season can be asked about without its strokes.

A quantity is a metric or a score of ``strokes.parquet``, or ``fault:<id>``, whose value is 1 in a stroke that shows the
fault and 0 in one that does not. Of its values in the usable strokes are kept: count, mean, standard deviation, and how
many fall into each bin of a fixed width, from which percentiles of any group of sessions follow.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rowsense.store.parquet import Table

FAULT: Final = "fault:"
#: Widths of the bins by the unit in a quantity's name. [D] At most what a single stroke can tell (5 deg, 10 ms of an
#: event's time), so that percentiles are off by nothing that matters.
BIN_WIDTHS: Final[Mapping[str, float]] = {
    "ratio": 0.01, "deg": 0.5, "spm": 0.25, "percent": 1.0, "score": 1.0, "s": 0.01,
}  # fmt: skip
#: Most bins of one analysis; what lies further from its median is counted in the first or last of them. [D] 512 deg.
MOST_BINS: Final = 1024
#: Columns that are no measure of the rowing: where in the video something happened, and numbers of strokes.
_PLACES: Final = ("stroke", "catch_frame", "catch_time_s", "finish_time_s", "end_time_s", "seat_catch_time_s")
_COUNTS: Final = np.dtype("<u2")
_MOST: Final = int(np.iinfo(_COUNTS).max)


@dataclass(frozen=True, slots=True)
class QuantitySummary:
    """One quantity in the usable strokes of one analysis; the columns of ``analysis_quantities``."""

    quantity: str
    stroke_count: int
    """Strokes in which it was measured, 1 at least."""
    mean: float
    sd: float
    """Of the strokes, with n - 1; NaN of one stroke."""
    first_bin: int
    """The first bin holds values from ``first_bin * width`` on."""
    bins: bytes
    """Strokes in each bin, 2 bytes each; empty where the quantity has none."""


def bin_width(quantity: str) -> float:
    """Width of its bins in its own unit; NaN: it has none."""
    words = quantity.split("_")
    return next((width for unit, width in BIN_WIDTHS.items() if unit in words), math.nan)


def unit_of(quantity: str) -> str:
    """As its name says: ``deg``, ``s``, ``ratio``, ``spm``, ``percent``, ``score``; empty for anything else."""
    words = quantity.split("_")
    return next((unit for unit in BIN_WIDTHS if unit in words), "")


def summarised(strokes: Table, summary: Mapping[str, Any], fault_ids: Collection[str] = ()) -> list[QuantitySummary]:
    """All quantities of an analysis that were measured in a usable stroke at least.

    ``strokes``: ``strokes.parquet``; ``summary``: ``summary.json``. ``fault_ids``: faults that were looked for;
    those that were not found are in no stroke, unless the summary says that they could not be judged.
    """
    usable = np.asarray(strokes["usable"], dtype=bool)
    columns = ((name, column[usable]) for name, column in strokes.items() if _is_quantity(name, column))
    found = [summarise(name, values) for name, values in (*columns, *_faults(usable, summary, fault_ids))]
    return [one for one in found if one is not None]


def summarise(quantity: str, values: NDArray[np.float64]) -> QuantitySummary | None:
    """Of (S,) values, NaN = not measured; None: all of them."""
    known = values[np.isfinite(values)].astype(np.float64)
    if not len(known):
        return None
    sd = float(known.std(ddof=1)) if len(known) > 1 else math.nan
    return QuantitySummary(quantity, len(known), float(known.mean()), sd, *_binned(known, bin_width(quantity)))


def _binned(known: NDArray[np.float64], width: float) -> tuple[int, bytes]:
    if math.isnan(width):
        return 0, b""
    places = np.floor(known / width).astype(np.int64)
    middle = int(np.median(places))
    places = np.clip(places, middle - MOST_BINS // 2, middle + MOST_BINS // 2 - 1)
    first = int(places.min())
    return first, np.minimum(np.bincount(places - first), _MOST).astype(_COUNTS).tobytes()


def merged_bins(
    first_bins: NDArray[np.int64], bins: Sequence[bytes], group: NDArray[np.int64], group_count: int
) -> tuple[int, NDArray[np.int64]]:
    """Add the bins of many analyses up by group.

    Args:
        first_bins: (A,)
        bins: (A,) as in the table; not empty.
        group: (A,) group of each analysis, 0 to ``group_count - 1``.
        group_count: G.

    Returns:
        Number of the first bin, and (G, B) strokes in each.
    """
    lengths = np.fromiter(map(len, bins), np.int64, len(bins)) // _COUNTS.itemsize
    counts = np.frombuffer(b"".join(bins), dtype=_COUNTS)
    within = np.arange(len(counts)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    place = np.repeat(first_bins, lengths) + within
    low, span = int(place.min()), int(place.max() - place.min()) + 1
    total = np.bincount(np.repeat(group, lengths) * span + place - low, counts, group_count * span)
    return low, total.reshape(group_count, span).astype(np.int64)


def quantiles(first_bin: int, counts: NDArray[np.int64], width: float, shares: NDArray[np.float64]) -> NDArray[Any]:
    """(G, Q) values below which the given shares lie, by a straight line within the bin; off by a width at most.

    Args:
        first_bin: of :func:`merged_bins`.
        counts: (G, B)
        width: of a bin.
        shares: (Q,) 0..1.
    """
    edges = (first_bin + np.arange(counts.shape[1] + 1)) * width
    found = np.full((len(counts), len(shares)), np.nan)
    for row, below in zip(found, np.cumsum(counts, axis=1), strict=True):
        if below[-1] > 0:
            row[:] = _crossing(edges, np.concatenate(([0], below)), shares * below[-1])
    return found


def _crossing(edges: NDArray[np.float64], below: NDArray[np.int64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the rising steps ``below`` first reach ``wanted``."""
    last = np.clip(np.searchsorted(below, wanted, side="left"), 1, len(below) - 1)
    rise = below[last] - below[last - 1]
    share = np.where(rise > 0, (wanted - below[last - 1]) / np.maximum(rise, 1), 0.0)
    return np.asarray(edges[last - 1] + share * (edges[last] - edges[last - 1]))


def _is_quantity(name: str, column: NDArray[Any]) -> bool:
    return column.dtype.kind == "f" and name not in _PLACES and not name.startswith("onset_")


def _faults(
    usable: NDArray[np.bool_], summary: Mapping[str, Any], fault_ids: Collection[str]
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    not_judged = summary["quality"]["not_judged"]
    shown = {fault["id"]: fault["strokes"] for fault in summary["faults"]}
    for fault_id in sorted({*fault_ids, *shown} - set(not_judged)):
        there = np.zeros(len(usable))
        there[list(shown.get(fault_id, ()))] = 1.0
        yield f"{FAULT}{fault_id}", there[usable]
