"""Building and serving the app. One folder, one computer: it listens on this machine only."""

from __future__ import annotations

from pathlib import Path

import dash_mantine_components as dmc
from dash import Dash, dcc, html
from flask import Response

from dashboards.ids import Id
from dashboards.library import FolderLibrary, use_library
from dashboards.media import media
from dashboards.pages.sessions import callbacks
from dashboards.player.routes import player
from rowsense.errors import UsageError

_HOST = "127.0.0.1"
#: Folder of assets that the page of a session loads itself; Dash must not put them on every page.
_MODULES = "^player$"
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; frame-ancestors 'none'"
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
    app = Dash(
        __name__, title="RowSense", update_title="", suppress_callback_exceptions=True, assets_path_ignore=[_MODULES]
    )
    use_library(app.server, FolderLibrary(folder.resolve()))
    # Other web pages must not be able to read the sessions by pointing a name of theirs at this machine.
    app.server.config["TRUSTED_HOSTS"] = [_HOST, "localhost"]
    app.server.register_blueprint(media)
    app.server.register_blueprint(player)
    app.server.after_request(_guard)
    app.layout = _layout
    callbacks.register(app)
    return app


def serve(folder: Path, port: int = 8050) -> None:
    """Serve the app on this machine until interrupted.

    Raises
    ------
    UsageError
        ``folder`` is not a folder, or the port is taken.
    """
    from waitress import create_server  # type: ignore[import-untyped]

    app = create_app(folder)
    try:
        server = create_server(app.server, host=_HOST, port=port, threads=8)
    except OSError as error:
        raise UsageError(f"port {port}: cannot be used ({error.strerror}); choose another one with --port") from error
    server.run()


def _layout() -> dmc.MantineProvider:
    """The shell around every page."""
    toggle = dmc.ColorSchemeToggle(
        id=Id.SCHEME, lightIcon="☀", darkIcon="☾", variant="subtle", size="lg",
        **{"aria-label": "switch between light and dark"},
    )  # fmt: skip
    header = html.Header(
        [dcc.Link([html.B("RowSense"), html.Span("your sessions")], href="/", className="mark"), toggle],
        className="bar",
    )
    return dmc.MantineProvider(
        [dcc.Location(id=Id.ADDRESS), header, html.Main(id=Id.CONTENT, className="page")],
        defaultColorScheme="auto",
        theme={"primaryColor": "cyan", "defaultRadius": "md", "fontFamily": "system-ui, sans-serif"},
    )


def _guard(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
