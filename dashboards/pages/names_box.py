"""The switch that hides names, as forms of several pages have it."""

from __future__ import annotations

from markupsafe import Markup

from dashboards.markup import tag
from rowsense.texts.texts import Texts


def names_box(t: Texts, hidden: bool, *, settled: bool) -> Markup:
    """With its words; ``settled``: the club hides all names, and there is nothing to choose."""
    box = tag("input", type="checkbox", name="names", value="off", checked=hidden or settled, disabled=settled)
    words = t("season_pages.filter.hidden" if settled else "season_pages.filter.hide")
    return tag("label", box, tag("span", words), class_="tick")
