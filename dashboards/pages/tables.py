"""Tables beside charts: the same in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html

#: What stands in a cell: words, or words and the address that they lead to.
Cell = str | tuple[str, str]


def table(
    label: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], class_name: str = "", third: str = ""
) -> html.Div:
    """A table whose first column names its rows. Where it is wider than the page, it is scrolled, by keyboard too.

    ``third``: what names the third column where a narrow page has no head.
    """
    body = [
        html.Tr([html.Th(_cell(first), scope="row"), *(html.Td(_cell(cell)) for cell in rest)]) for first, *rest in rows
    ]
    named: Any = {"aria-label": label}
    return html.Div(
        html.Table(
            [html.Thead(html.Tr([html.Th(word, scope="col") for word in head])), html.Tbody(body)],
            className=class_name,
            style={"--third": f'"{third} "'} if third else None,
        ),
        className="scrolls",
        tabIndex=0,
        role="region",
        **named,
    )


def twin(summary: str, *tables: html.Div) -> html.Details:
    """Tables behind a line that opens them."""
    return html.Details([html.Summary(summary), *tables])


def _cell(cell: Cell) -> Any:
    return cell if isinstance(cell, str) else dcc.Link(cell[0], href=cell[1])
