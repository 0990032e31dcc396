"""Which page an address shows: those that a server has beside the sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from flask import Flask, current_app

#: Content of a page from the two ends of its address; None: another page's address.
Page = Callable[[str, str], Any]
_NAME: Final = "rowsense-pages"


def use_pages(server: Flask, pages: Sequence[Page]) -> None:
    """Say which pages this server has beside the sessions."""
    server.extensions[_NAME] = tuple(pages)


def page_at(pathname: str | None, search: str | None) -> Any:
    """What one of them shows there; None: none of them does."""
    pages = cast("tuple[Page, ...]", current_app.extensions.get(_NAME, ()))
    return next((found for page in pages if (found := page(pathname or "", search or "")) is not None), None)
