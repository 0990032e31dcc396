"""The page of a comparison: one file that needs no network."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from rowsense.report.comparison_view import CURVE_HEAD, NUMBER_HEAD, ComparisonView
from rowsense.report.figures.comparison import comparison_figure
from rowsense.report.figures.script import chart_setup, packed_library
from rowsense.report.ghosts import bounds, ghost_of, moment_words, svg
from rowsense.report.page import ASSETS, css_colours, environment, script_json
from rowsense.report.texts import COMPARE, LIMITS


def comparison_html(view: ComparisonView) -> str:
    """The page."""
    charts = {f"chart-{p.quantity}": comparison_figure(p).as_json() for p in view.panels}
    css = "".join((ASSETS / name).read_text(encoding="utf-8") for name in ("report.css", "compare.css"))
    return (
        environment()
        .get_template("compare.html.j2")
        .render(
            view=view,
            words=COMPARE,
            limits=LIMITS,
            heads={"curve": CURVE_HEAD, "numbers": NUMBER_HEAD},
            ghosts=ghost_pictures(view),
            css=Markup(css),
            colours=css_colours(),
            script=Markup((ASSETS / "report.js").read_text(encoding="utf-8")),
            charts=script_json({**chart_setup(), "charts": charts}),
            library=Markup(packed_library()) if charts else "",
        )
    )


def ghost_pictures(view: ComparisonView) -> list[dict[str, Any]]:
    """Title and drawing of every moment, all at one size."""
    ghosts = [(ghost_of(a), ghost_of(b)) for a, b in view.postures]
    box = bounds([g for pair in ghosts for g in pair]) if ghosts else (-1.0, -1.0, 1.0, 1.0)
    pictures = []
    for (first, second), (posture, _) in zip(ghosts, view.postures, strict=True):
        name = moment_words(posture.moment)
        words = f"{name}: mean body and back line of {view.first} and of {view.second} over each other."
        pictures.append({"name": name, "drawing": svg(first, second, box, words)})
    return pictures
