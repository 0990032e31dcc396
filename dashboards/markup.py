"""HTML and SVG as text, and the component that puts it into a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dash.development.base_component import Component
from markupsafe import Markup, escape

_WITHOUT_END: Final = frozenset({"input", "br", "img"})


def tag(name: str, /, *children: object, **attributes: Any) -> Markup:
    """One element; what is not markup already is escaped. ``class_`` is ``class``, ``stroke_width`` ``stroke-width``.

    Attributes that are None or False are left out, True stands without a value.
    """
    said = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    written = "".join(
        f" {key}" if value is True else f' {key}="{escape(value)}"'
        for key, value in said
        if value is not None and value is not False
    )
    if name in _WITHOUT_END:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{joined(children)}</{name}>")


def joined(parts: Iterable[object]) -> Markup:
    """Parts one after the other, escaped where they are not markup."""
    # All are markup by then, which Markup's own join would escape once more.
    return Markup("".join([escape(part) for part in parts]))


class Html(Component):
    """A part of the page that is sent as HTML: a chart, or a form of filters. ``assets/markup.js`` shows it.

    Only what :func:`tag` made goes in, so that names with angle brackets stay names. Links and forms in it lead through
    the app without loading the page again.
    """

    _namespace = "rowsense_parts"
    _type = "Html"
    _prop_names = ["id", "markup", "className"]  # noqa: RUF012 - as the base class has it
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_wildcard_properties: list[str] = []  # noqa: RUF012

    def __init__(self, markup: Markup, className: str = "") -> None:  # noqa: N803 - what Dash calls it
        super().__init__(markup=str(markup), className=className)
