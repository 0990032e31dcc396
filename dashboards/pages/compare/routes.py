"""What films and charts of a comparison are made of, over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, request

from dashboards.library import Library, library
from dashboards.pages.compare import layout
from dashboards.pages.compare.asked import DATA, PATH, asked_for
from dashboards.pages.compare.finding import NotThereError, compared
from dashboards.pages.compare.view_model import compare_page
from dashboards.player.sending import sent_json
from dashboards.texts.reader import texts
from rowsense.errors import RowSenseError

comparison = Blueprint("compare", __name__)


@comparison.get(DATA)
def serve_comparison() -> Response:
    """Curves, phases and strokes of both sides; why not, where there is nothing to compare."""
    try:
        asked = asked_for(request.query_string.decode("utf-8", "replace"))
        if not asked.settled:
            return make_response("choose what to compare", 400)
        _, data = compared(library(), asked)
    except NotThereError as error:
        return make_response(str(error), 404)
    except RowSenseError as error:
        return make_response(str(error), 400)
    return sent_json(data)


def show_compare(pathname: str, search: str) -> Any:
    """The page at its address; None anywhere else."""
    return content(library(), search) if pathname.rstrip("/") == PATH else None


def content(shelf: Library, search: str | None) -> Any:
    """The page."""
    t = texts()
    return layout.page(t, compare_page(t, shelf, search))
