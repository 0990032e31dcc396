"""What is answered while the database is away: wait a moment, nothing is lost. Asks the database nothing."""

from __future__ import annotations

import logging
from typing import Any, Final

from flask import Response, current_app, g, request

from dashboards.accounts.bearer import asks_api
from dashboards.api.problems import problem
from dashboards.observing import ObservedFlask
from dashboards.texts.reader import texts_of_browser
from rowsense.store.trouble import is_away, is_full, words_of

_log = logging.getLogger("rowsense.requests")
#: When to ask again, in seconds [D]: a server that is started anew is back in seconds.
AGAIN_S: Final = 10


class ClubFlask(ObservedFlask):
    """Flask that tells a database that is away from a mistake in the program."""

    def handle_exception(self, error: Exception) -> Response:
        """503 for the first, whatever it was that asked the database; 500 for the second."""
        if not is_away(error):
            return super().handle_exception(error)
        _log.warning("%s: %s", request.endpoint or "no route", words_of(error))
        answer: Any = _answer(full=is_full(error))
        # What looks at the answer afterwards may ask the database too; that does not matter any more.
        return self.finalize_request(answer, from_error_handler=True)


def _answer(*, full: bool) -> Response:
    g.viewer, g.texts = None, texts_of_browser()
    t = g.texts
    title, detail = (t(f"shell.away.{name}") for name in (("full_title", "full") if full else ("title", "detail")))
    again = {"Retry-After": str(AGAIN_S)}
    if asks_api():
        return problem(503, f"{title}. {detail}", again)
    if "text/html" not in str(request.accept_mimetypes):
        return Response(f"{title}. {detail}\n", 503, again, mimetype="text/plain")
    # What a form sent is not sent again by itself.
    again_s = AGAIN_S if request.method == "GET" else None
    template = current_app.jinja_env.get_template("accounts/away.html")
    return Response(template.render(title=title, detail=detail, again_s=again_s), 503, again, mimetype="text/html")
