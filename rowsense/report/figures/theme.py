"""One look for all figures. Colours of text and grid follow the page: see :data:`THEMES`."""

from __future__ import annotations

from typing import Any, Final

from rowsense.report.figures.plain import Figure
from rowsense.tokens import FONT, TOKENS

#: Scheme -> the colours that change with it. The page applies them when the reader's scheme changes.
THEMES: Final[dict[str, dict[str, str]]] = {
    scheme: {"ink": of["ink"], "soft": of["soft"], "grid": of["line"], "hover": of["card"]}
    for scheme, of in TOKENS["schemes"].items()
}
CONFIG: Final[dict[str, Any]] = {"displayModeBar": False, "responsive": True, "scrollZoom": False}


def style(figure: Figure, height_px: int, scheme: str = "light") -> Figure:
    """The shared look; the background stays transparent so that the page shows through."""
    figure.update_layout(
        height=height_px,
        margin={"l": 52, "r": 30, "t": 14, "b": 36},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13},
        hovermode="x unified",
        dragmode=False,
        showlegend=False,
        autosize=True,
    )
    figure.update_xaxes(fixedrange=True, zeroline=False)
    figure.update_yaxes(fixedrange=True, zeroline=False, automargin=True)
    figure.relayout(scheme_changes(scheme))
    return figure


def scheme_changes(scheme: str) -> dict[str, Any]:
    """Layout keys that differ between light and dark."""
    colours = THEMES[scheme]
    return {
        "font.color": colours["ink"],
        "hoverlabel.bgcolor": colours["hover"],
        "hoverlabel.font.color": colours["ink"],
        "xaxis.gridcolor": colours["grid"],
        "yaxis.gridcolor": colours["grid"],
        "xaxis.linecolor": colours["grid"],
        "xaxis.tickfont.color": colours["soft"],
        "yaxis.tickfont.color": colours["soft"],
        "yaxis.title.font.color": colours["soft"],
    }
