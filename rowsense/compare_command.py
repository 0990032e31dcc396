"""The command that compares stored sessions. No analysis is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Optional

import typer

#: Below the options in the help. ``\b`` keeps the lines as they are.
EXAMPLES: Final = """\b
Examples:
  rowsense compare erg.rowsense --strokes 1-10 --with 20-30    two parts of a piece
  rowsense compare erg.rowsense --strokes 4 --with 12          two strokes
  rowsense compare erg.rowsense --strokes best                 the best strokes against all others
  rowsense compare erg.rowsense --cue 95                       before and after second 95 of the video
  rowsense compare erg.rowsense --to 60 --with-from 120        the first minute and from the third on
  rowsense compare may.rowsense june.rowsense                  two sessions
  rowsense compare may.rowsense june.rowsense --strokes 5-15 --with 5-15

Strokes count from 1, as in the report: 7, 1-10, 1-5,9, best, all. Only strokes that count are taken.
"""


def compare(
    first: Annotated[Path, typer.Argument(help="A folder that `rowsense analyze` wrote.", metavar="SESSION")],
    second: Annotated[
        Optional[Path], typer.Argument(help="Another one. Left out: another part of the first.", metavar="[SESSION]")
    ] = None,
    strokes: Annotated[str, typer.Option(help="Strokes of the first side. Default: all.", metavar="WHICH")] = "all",
    against: Annotated[
        Optional[str],
        typer.Option(
            "--with",
            help="Strokes of the second side. Default: all of the other session, or all others of the same.",
            metavar="WHICH",
        ),
    ] = None,
    from_s: Annotated[Optional[float], typer.Option("--from", help="First side: from this second on.")] = None,
    to_s: Annotated[Optional[float], typer.Option("--to", help="First side: up to this second.")] = None,
    with_from_s: Annotated[
        Optional[float], typer.Option("--with-from", help="Second side: from this second on.")
    ] = None,
    with_to_s: Annotated[Optional[float], typer.Option("--with-to", help="Second side: up to this second.")] = None,
    cue_s: Annotated[
        Optional[float], typer.Option("--cue", help="Before this second of the video against after it.")
    ] = None,
    any_athlete: Annotated[bool, typer.Option("--any-athlete", help="Compare two rowers all the same.")] = False,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The folder for compare.html, compare.png and compare.json.")
    ] = Path("compare"),
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that holds other things.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Progress and results as JSON lines.")] = False,
) -> None:
    """Compare two strokes, two parts of a piece, or two sessions: what differs, and whether it is a clear change."""
    from rowsense.assess.sides import parse_choice
    from rowsense.comparing import CompareRequest, compare_stored
    from rowsense.console import Console
    from rowsense.errors import UsageError

    if cue_s is not None:
        if second is not None or against is not None or any(t is not None for t in (to_s, with_from_s)):
            raise UsageError(
                "compare: --cue splits one session; leave out the other session, --with, --to, --with-from"
            )
        to_s, with_from_s, against = cue_s, cue_s, strokes
    elif second is None and against is None and strokes == "all" and from_s is None and to_s is None:
        raise UsageError(
            "compare: say what to hold against what: another SESSION, or --strokes 1-10 --with 20-30, or --cue SECONDS"
        )
    words = against or ("all" if second is not None else "others")
    request = CompareRequest(
        first=first,
        second=second,
        choice=parse_choice(strokes, from_s, to_s),
        against=parse_choice(words, with_from_s, with_to_s),
        any_athlete=any_athlete,
        out=out,
        force=force,
    )
    with Console(as_json=as_json) as console:
        found = compare_stored(request, console.progress)
        clear = [one for one in found.comparison.all if one.clear]
        console.done(
            {
                **{kind: str(out / f"compare.{kind}") for kind in ("html", "png", "json")},
                "headline": found.view.title,
                "sentence": found.view.sentence,
                "clear": [f"{one.quantity}_{one.phase}".rstrip("_") for one in clear],
                "notes": list(found.view.notes),
            },
            "\n".join([found.view.sentence, *found.view.lines, *found.view.notes, f"Page: {out / 'compare.html'}"]),
        )
