"""Tables beside charts: the same in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

#: What stands in a cell: words, words and the address that they lead to, or anything else.
Cell = str | tuple[str, str] | Component


def table(
    label: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], class_name: str = "", third: str = ""
) -> html.Div:
    """A table whose first column names its rows. Where it is wider than the page, it is scrolled, by keyboard too.

    ``third``: what names the one before the last column where a narrow page has no head.
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
    return dcc.Link(cell[0], href=cell[1]) if isinstance(cell, tuple) else cell
