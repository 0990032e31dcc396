"""Around the list of sessions: finding, hiding names, and the way to the other pages."""

from __future__ import annotations

from typing import Any, Final

from dash import dcc, html
from markupsafe import Markup

from dashboards.listing import PAGE, Listed, Wanted
from dashboards.markup import Html, tag
from dashboards.pages.names_box import names_box
from rowsense.store.behind import EVERY
from rowsense.texts.texts import Texts

Children = list[Any]
#: From so many sessions on one looks for a name [D]; below that the whole list is on the screen.
_WORTH_FINDING: Final = 8


def how_many(t: Texts, wanted: Wanted, found: Listed) -> str:
    """How many there are, and which of them are here."""
    count = t("sessions.count", n=found.total)
    if found.total <= PAGE or not found.entries:
        return count
    last = wanted.first + len(found.entries)
    return t("sessions.this_page", count=count, first=wanted.first + 1, last=last)


def finder(t: Texts, wanted: Wanted, found: Listed, *, settled: bool) -> Children:
    """The form above the list; nothing where there is little to find. ``settled``: the club hides all names."""
    if found.total < _WORTH_FINDING and wanted == Wanted(names_hidden=settled) and not found.tags:
        return []
    field = tag("input", type="search", name="find", value=wanted.find, enterkeyhint="search", autocomplete="off")
    form = tag(
        "form",
        tag("label", tag("span", t("sessions.find.label")), field, class_="field"),
        _tags(t, wanted, found),
        tag("button", t("sessions.find.go"), type="submit", class_="tool"),
        names_box(t, wanted.names_hidden, settled=settled),
        method="get", class_="filters find", role="search", aria_label=t("sessions.find.form"),
    )  # fmt: skip
    return [Html(form, "card filter-bar")]


def nameless_field(names_hidden: bool) -> Children:
    """In a form that leads elsewhere: names stay hidden there."""
    return [dcc.Input(type="hidden", name="names", value="off")] if names_hidden else []


def narrowed(t: Texts, wanted: Wanted, words: str) -> Children:
    """What the list is narrowed to, and the way to all of it; nothing where it is not."""
    if not words:
        return []
    every = dcc.Link(t("sessions.find.all"), href=_all(wanted))
    return [html.P([t("sessions.behind.only", what=words), " ", every], className="question")]


def _tags(t: Texts, wanted: Wanted, found: Listed) -> Markup:
    """The choice among tags. A tag may name somebody: where names are hidden there is none."""
    if wanted.names_hidden or not (found.tags or wanted.tag):
        return Markup("")
    known = found.tags if wanted.tag in ("", *found.tags) else (wanted.tag, *found.tags)
    options = [tag("option", t("sessions.find.any_tag"), value="", selected=not wanted.tag)]
    options += [tag("option", name, value=name, selected=name == wanted.tag) for name in known]
    select = tag("select", *options, name="tag")
    return tag("label", tag("span", t("sessions.find.tag")), select, class_="field")


def none_found(t: Texts, wanted: Wanted) -> Children:
    """Nothing fits, or the page is beyond the last."""
    words = t("sessions.find.none", words=wanted.find) if wanted.find else t("sessions.find.empty")
    if wanted.tag:
        words = t("sessions.find.none_tagged", tag=wanted.tag)
    return [
        html.P(words, className="card"),
        html.P(dcc.Link(t("sessions.find.all"), href=_all(wanted), className="more")),
    ]


def _all(wanted: Wanted) -> str:
    return f"/{wanted.but(find='', tag='', page=1, behind=EVERY)}"


def pager(t: Texts, wanted: Wanted, found: Listed) -> Children:
    """Links to newer and older sessions; nothing where all are here."""
    last = max(1, -(-found.total // PAGE))
    ways = []
    if 1 < wanted.page <= last:
        ways.append(dcc.Link(t("sessions.newer"), href=f"/{wanted.but(page=wanted.page - 1)}", className="tool"))
    if wanted.page < last:
        ways.append(dcc.Link(t("sessions.older"), href=f"/{wanted.but(page=wanted.page + 1)}", className="tool"))
    if not ways:
        return []
    here = html.Span(t("sessions.page", page=wanted.page, last=last), className="soft")
    named: Any = {"aria-label": t("sessions.pages")}
    return [html.Nav([*ways, here], className="pager", **named)]
