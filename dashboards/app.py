"""Building and serving the app. One folder, one computer: it listens on this machine only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, dcc, html
from flask import Flask, Response
from jinja2.utils import htmlsafe_json_dumps

from dashboards.ids import Id
from dashboards.library import FolderLibrary, Library, use_library
from dashboards.media import media
from dashboards.packing import packed
from dashboards.pages.addresses import Page, use_pages
from dashboards.pages.compare.routes import comparison, show_compare
from dashboards.pages.sessions import callbacks
from dashboards.player.routes import player
from dashboards.remarks import bell, remarks
from dashboards.texts.reader import texts, texts_for_scripts, use_languages
from rowsense.errors import UsageError
from rowsense.tokens import FONT

HOST = "127.0.0.1"
LOCAL_NAMES = (HOST, "localhost")
#: Folders of assets that pages load themselves; Dash must not put them on every page.
_OWN_ASSETS = ["^player$", "^compare$", "^accounts$", "^upload$", "^server$", "^catalogue$", "^settings$"]
#: Addresses of pages of this app; all others are loaded anew.
_WITHIN = ("/club", "/athlete/")
#: Words and address of links in the head of the page.
Links = Callable[[], tuple[tuple[str, str], ...]]
#: Texts that scripts of these pages need.
_SCRIPTS = ("server", "player", "notes", "compare", "quantities.phase", "shell.trouble")
#: Light or dark before anything is painted; the switch of the page keeps what was chosen there.
_COLOURS = """<script>{ let asked = null; try { asked = localStorage.getItem("mantine-color-scheme-value"); } catch {}
document.documentElement.dataset.mantineColorScheme = ["light", "dark"].includes(asked) ? asked
: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"; }</script>"""
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)


def create_app(folder: Path) -> Dash:
    """The app over the sessions below ``folder``.

    Raises
    ------
    UsageError
        ``folder`` is not a folder.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: is not a folder; give the folder that holds your *.rowsense sessions")
    server = Flask("dashboards", static_folder=None)
    # Other web pages must not be able to read the sessions by pointing a name of theirs at this machine.
    server.config["TRUSTED_HOSTS"] = list(LOCAL_NAMES)
    use_languages(server)
    return dress(server, FolderLibrary(folder.resolve()))


def dress(server: Flask, library: Library, links: Links = tuple, pages: Sequence[Page] = ()) -> Dash:
    """The pages on a server, over a library, with those that it has beside the sessions."""
    app = _App(
        __name__,
        server=server,  # type: ignore[arg-type]  # a Flask server is what it takes
        title="RowSense",
        update_title="",
        suppress_callback_exceptions=True,
        assets_path_ignore=_OWN_ASSETS,
    )
    use_library(server, library)
    use_pages(server, (*pages, show_compare))
    server.register_blueprint(media)
    server.register_blueprint(player)
    server.register_blueprint(comparison)
    server.after_request(_guard)
    server.after_request(packed)
    app.layout = partial(_layout, links)
    callbacks.register(app)
    return app


class _App(Dash):
    """Dash, whose page says in which language it is and brings the texts of its scripts."""

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        """The page that the browser loads first."""
        page = str(super().interpolate_index(**parts))
        data = (
            f'<script type="application/json" id="texts">{htmlsafe_json_dumps(texts_for_scripts(*_SCRIPTS))}</script>'
        )
        page = page.replace("<head>", f"<head>{_COLOURS}", 1).replace("</head>", f"{data}</head>", 1)
        return page.replace("<html>", f'<html lang="{texts().language}">', 1)


def serve(folder: Path, port: int = 8050) -> None:
    """Serve the app on this machine until interrupted.

    Raises
    ------
    UsageError
        ``folder`` is not a folder, or the port is taken.
    """
    listening(create_app(folder).server, HOST, port).run()


def listening(server: Flask, host: str, port: int, **options: Any) -> Any:
    """A web server that has its port and can be run.

    Raises
    ------
    UsageError
        The port is taken, or the address is not this machine's.
    """
    from dashboards.web_server import web_server

    try:
        return web_server(server, host, port, **options)
    except OSError as error:
        raise UsageError(f"port {port}: cannot be used ({error.strerror}); choose another one with --port") from error


def _layout(links: Links) -> dmc.MantineProvider:
    """The shell around every page."""
    t = texts()
    toggle = dmc.ColorSchemeToggle(
        id=Id.SCHEME, lightIcon="☀", darkIcon="☾", variant="subtle", size="lg",
        **{"aria-label": t("shell.scheme")},
    )  # fmt: skip
    header = html.Header(
        [
            dcc.Link([html.B("RowSense"), html.Span(t("shell.your_sessions"))], href="/", className="mark"),
            html.Nav([*_bell(), *(_way(words, to) for words, to in links()), toggle], className="ways"),
        ],
        className="bar",
    )
    return dmc.MantineProvider(
        [dcc.Location(id=Id.ADDRESS), header, html.Main(id=Id.CONTENT, className="page")],
        defaultColorScheme="auto",
        theme={"primaryColor": "cyan", "defaultRadius": "md", "fontFamily": FONT},
    )


def _bell() -> list[html.A]:
    """How many notes are to be read; the page of a session keeps it up to date. Nothing where there are no notes."""
    if not remarks().are_kept:
        return []
    told = bell(remarks())
    parts = [html.B(str(told.count)), html.Span(told.words.partition(" ")[2])]
    named: dict[str, Any] = {"aria-label": told.words}
    return [html.A(parts, id=Id.BELL, href=told.to, className="bell", hidden=not told.count, **named)]


def _way(words: str, to: str) -> Any:
    """What this page can show itself, and what is loaded anew."""
    return dcc.Link(words, href=to) if to == "/" or to.startswith(_WITHIN) else html.A(words, href=to)


def _guard(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
