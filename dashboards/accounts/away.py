"""What is answered while the database is away: wait a moment, nothing is lost. Asks the database nothing."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask import Response, current_app, g, request

from dashboards.accounts.bearer import asks_api
from dashboards.api.problems import problem
from dashboards.observing import ObservedFlask
from dashboards.texts.reader import texts_of_browser
from rowsense.store.trouble import is_away, is_full, words_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_log = logging.getLogger("rowsense.requests")
#: When to ask again, in seconds [D]: a server that is started anew is back in seconds.
AGAIN_S: Final = 10


#: Whoever looks after the processes asks each for these, by its number and not by the name that people type.
_PROBED: Final = frozenset({"/healthz", "/readyz", "/metrics"})


class ClubFlask(ObservedFlask):
    """Flask that tells a database that is away from a mistake in the program."""

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Take a number for the server's name where a process is asked how it is.

        A page of another server can lead a name of its own to this machine, but no number.
        """
        if environ.get("PATH_INFO") in _PROBED and _is_number(environ.get("HTTP_HOST", "")):
            environ["HTTP_HOST"] = self.config["TRUSTED_HOSTS"][-1]
        return super().wsgi_app(environ, start_response)

    def handle_exception(self, error: Exception) -> Response:
        """503 for the first, whatever it was that asked the database; 500 for the second."""
        if not is_away(error):
            return super().handle_exception(error)
        _log.warning("%s: %s", request.endpoint or "no route", words_of(error))
        answer: Any = _answer(full=is_full(error))
        # What looks at the answer afterwards may ask the database too; that does not matter any more.
        return self.finalize_request(answer, from_error_handler=True)


def _is_number(host: str) -> bool:
    """Whether it is an address of a machine, and not this machine's own."""
    try:
        return not ipaddress.ip_address(urlsplit(f"//{host}").hostname or "").is_loopback
    except ValueError:
        return False


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
