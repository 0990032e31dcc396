"""Tables beside charts: the same in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dash import html
from markupsafe import Markup, escape

from dashboards.markup import Html, tag

#: What stands in a cell: words or markup, or words and the address that they lead to.
Cell = str | tuple[str, str]


def table(
    label: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], class_name: str = "", third: str = ""
) -> Html:
    """A table whose first column names its rows. Where it is wider than the page, it is scrolled, by keyboard too.

    ``third``: what names the one before the last column where a narrow page has no head.
    """
    # As markup: a year of sessions is thousands of cells, and as many components take a third of the page's time.
    body = Markup("".join([_row(row) for row in rows]))
    whole = tag(
        "table",
        tag("thead", tag("tr", *(tag("th", word, scope="col") for word in head))),
        tag("tbody", body),
        class_=class_name or None,
        style=f'--third: "{third} "' if third else None,
    )
    return Html(tag("div", whole, class_="scrolls", tabindex=0, role="region", aria_label=label))


def twin(summary: str, *tables: Html) -> html.Details:
    """Tables behind a line that opens them."""
    return html.Details([html.Summary(summary), *tables])


def _row(cells: Sequence[Cell]) -> str:
    first, *rest = (_cell(cell) for cell in cells)
    return f'<tr><th scope="row">{first}</th>{"".join([f"<td>{cell}</td>" for cell in rest])}</tr>'


def _cell(cell: Cell) -> Markup:
    return tag("a", cell[0], href=cell[1]) if isinstance(cell, tuple) else escape(cell)
