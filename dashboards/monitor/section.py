"""On the page of a session: what the monitor said of its strokes, each a way to its frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.monitor.view_model import HEADS, MonitorBlock
from rowsense.texts.texts import Texts


def monitor_section(t: Texts, block: MonitorBlock | None, rows: Sequence[int]) -> list[Any]:
    """``rows``: frame of the catch of each stroke; nothing where nothing was recorded."""
    if block is None:
        return []
    said = [html.P(words) for words in block.sentences]
    amiss = [html.P(block.warning, className="question")] if block.warning else []
    return [
        html.H2(t("monitor.head")),
        html.Div([*amiss, *said, *([_table(t, block, rows)] if block.lines else [])], className="card"),
    ]


def _table(t: Texts, block: MonitorBlock, rows: Sequence[int]) -> html.Details:
    head = html.Thead(html.Tr([html.Th(t(f"monitor.column.{name}"), scope="col") for name in HEADS]))
    body = [
        html.Tr([html.Th(_button(t, line.number, row), scope="row"), *(html.Td(cell) for cell in line.cells)])
        for line, row in zip(block.lines, rows, strict=True)
    ]
    named: Any = {"aria-label": t("monitor.strokes")}
    table = html.Table([head, html.Tbody(body)])
    return html.Details(
        [
            html.Summary(t("monitor.strokes")),
            html.Div(table, className="scrolls", tabIndex=0, role="region", **named),
        ]
    )


def _button(t: Texts, number: int, row: int) -> html.Button:
    named: Any = {"data-row": str(row), "aria-label": t("monitor.frame", number=number + 1)}
    return html.Button(str(number + 1), type="button", className="tool", **named)
