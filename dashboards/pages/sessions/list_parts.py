"""Around the list of sessions: finding, hiding names, and the way to the other pages."""

from __future__ import annotations

from typing import Any, Final

from dash import dcc, html

from dashboards.listing import PAGE, Listed, Wanted
from dashboards.markup import Html, tag

Children = list[Any]
#: From so many sessions on one looks for a name [D]; below that the whole list is on the screen.
_WORTH_FINDING: Final = 8


def how_many(wanted: Wanted, found: Listed) -> str:
    """How many there are, and which of them are here."""
    count = "1 session" if found.total == 1 else f"{found.total} sessions"
    if found.total <= PAGE or not found.entries:
        return count
    return f"{count} (this page: {wanted.first + 1} to {wanted.first + len(found.entries)})"


def finder(wanted: Wanted, found: Listed) -> Children:
    """The form above the list; nothing where there is little to find."""
    if found.total < _WORTH_FINDING and wanted == Wanted():
        return []
    field = tag("input", type="search", name="find", value=wanted.find, enterkeyhint="search", autocomplete="off")
    hidden = tag("input", type="checkbox", name="names", value="off", checked=wanted.names_hidden)
    form = tag(
        "form",
        tag("label", tag("span", "Name of rower or film"), field, class_="field"),
        tag("button", "Find", type="submit", class_="tool"),
        tag("label", hidden, tag("span", "Hide names"), class_="tick"),
        method="get", class_="filters find", role="search", aria_label="Find sessions",
    )  # fmt: skip
    return [Html(form, "card filter-bar")]


def none_found(wanted: Wanted) -> Children:
    """Nothing fits, or the page is beyond the last."""
    words = f"No session fits “{wanted.find}”." if wanted.find else "There are no sessions on this page."
    return [
        html.P(words, className="card"),
        html.P(dcc.Link("Show all sessions", href=f"/{wanted.but(find='', page=1)}", className="more")),
    ]


def pager(wanted: Wanted, found: Listed) -> Children:
    """Links to newer and older sessions; nothing where all are here."""
    last = max(1, -(-found.total // PAGE))
    ways = []
    if 1 < wanted.page <= last:
        ways.append(dcc.Link("← Newer", href=f"/{wanted.but(page=wanted.page - 1)}", className="tool"))
    if wanted.page < last:
        ways.append(dcc.Link("Older →", href=f"/{wanted.but(page=wanted.page + 1)}", className="tool"))
    if not ways:
        return []
    here = html.Span(f"Page {wanted.page} of {last}", className="soft")
    named: Any = {"aria-label": "other pages of the list"}
    return [html.Nav([*ways, here], className="pager", **named)]
