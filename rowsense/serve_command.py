"""``rowsense serve``: the sessions of a folder, or a club with its accounts, in the browser."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated, Final, Optional

import typer

from rowsense.command_options import ConfigOption, SetOption, settings_given, use_config
from rowsense.errors import UsageError
from rowsense.serve_club import HOST, ClubAsked, is_this_machine, serve_club

#: What a club's server is made of, beside what every installation has.
_NEEDED: Final = ("sqlalchemy", "flask_security", "argon2", "cryptography", "qrcode")


def serve(
    folder: Annotated[
        Optional[Path], typer.Argument(help="Show the session folders in this folder, without accounts.")
    ] = None,
    store: Annotated[
        Optional[str],
        typer.Option(
            help="The folder of the club's store, or postgresql://... with --files. Default: your data folder."
        ),
    ] = None,
    files: Annotated[
        Optional[str],
        typer.Option(help="Where the files are, if not in the store's folder: a folder, or s3://BUCKET/FOLDER."),
    ] = None,
    host: Annotated[
        Optional[str], typer.Option(help=f"Which of this machine's addresses to listen on. Default: {HOST}.")
    ] = None,
    port: Annotated[Optional[int], typer.Option(help="Port on this machine. Default: 8050.", min=1, max=65535)] = None,
    address: Annotated[Optional[str], typer.Option(help="How people reach it, as in https://rowing.club.org.")] = None,
    password_link: Annotated[
        str, typer.Option(help="Also print a link with which the user of this mail address chooses a new password.")
    ] = "",
    second_step_off: Annotated[
        str, typer.Option(help="Let the user of this mail address sign in without a second step, until she sets it up.")
    ] = "",
    log_json: Annotated[
        Optional[bool],
        typer.Option("--log-json", help="Say what happens as JSON lines on stderr, each request with its id."),
    ] = None,
    club_gb: Annotated[
        Optional[float],
        typer.Option(
            help="Room for all that each club keeps, in GB. 0, the default: as much as the disk holds.", min=0
        ),
    ] = None,
    jobs: Annotated[
        Optional[bool],
        typer.Option("--jobs/--no-jobs", help="Whether background work runs here or by `rowsense jobs run` elsewhere."),
    ] = None,
    trusted_proxy: Annotated[
        Optional[str],
        typer.Option(help=f"Address of the web server before it, where the address is https. Default: {HOST}. *: any."),
    ] = None,
    config: ConfigOption = None,
    more: SetOption = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Look round in a made-up club, on this machine only; it is gone afterwards.")
    ] = False,
    begin_anew: Annotated[
        bool,
        typer.Option("--begin-anew", help="Once: make a new database where the old one is lost; its files stay."),
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Say whether it would start, and end.")] = False,
) -> None:
    """Start a club's server, with accounts. With FOLDER: look through its sessions, on this machine only.

    Options come before the environment (ROWSENSE_SERVER__PORT ...), and that before rowsense.toml; docs/deploy.md lists
    all settings.
    """
    given = {
        "store": store, "files": files, "host": host, "port": port, "address": address, "log_json": log_json,
        "club_gb": club_gb, "jobs": jobs, "trusted_proxy": trusted_proxy,
    }  # fmt: skip
    options = {name for name, value in given.items() if value is not None}
    of_a_club = bool(options - {"port", "log_json"} or more or password_link or second_step_off or begin_anew)
    if demo and (folder is not None or of_a_club or check):
        raise UsageError("serve: --demo makes a club of its own on this machine; give nothing beside it but --port")
    from rowsense.server_settings import PlaceSettings, ServerSettings, put_into_environment
    from rowsense.settings import read_settings

    use_config(config)
    said = settings_given(more, server=given)
    settings = read_settings(ServerSettings, **said)
    place = settings.server
    if folder is not None:
        _serve_folder(folder, place.port, check, club_options=of_a_club)
        return
    # A demonstration has nothing to do with the club's own store, and needs none of its secrets.
    put_into_environment(PlaceSettings(log_json=place.log_json) if demo else place)
    _check_installed(jobs=place.jobs)
    if demo:
        from rowsense.serve_demo import serve_demo

        serve_demo(place.port)
        return
    asked = ClubAsked(
        host=place.host,
        port=place.port,
        address=_address(place.host, place.port, place.address),
        folder=_folder(place.store),
        password_of=password_link,
        jobs=place.jobs,
        club_bytes=int(place.club_gb * (1 << 30)),
        second_step_of=second_step_off,
        database=place.store if _is_address(place.store) else "",
        files=place.files,
        trusted_proxy=place.trusted_proxy,
        anew=begin_anew,
    )
    if check:
        from rowsense.serve_check import check_club
        from rowsense.settings_table import not_usual

        check_club(asked, settings)
        for line in not_usual(settings, {f"{section}.{name}" for section, values in said.items() for name in values}):
            typer.echo(f"  {line}")
    else:
        serve_club(asked, settings)


def _check_installed(*, jobs: bool) -> None:
    """Refuse to start without the packages of a club's server.

    Raises
    ------
    UsageError
        With what to install.
    """
    needed = (*_NEEDED, *(("distributed",) if jobs else ()))
    if any(importlib.util.find_spec(name) is None for name in needed):
        raise UsageError(
            "serve: a club's server needs more packages; pip install 'rowsense[server]'. "
            "For the sessions of this folder alone: rowsense serve ."
        )


def _is_address(store: str) -> bool:
    return "://" in store


def _folder(store: str) -> Path:
    """Where the server keeps what is not in its database: beside it, or in the user's data folder."""
    from rowsense.store.places import data_folder

    return (Path(store) if store and not _is_address(store) else data_folder()).expanduser().absolute()


def _serve_folder(folder: Path, port: int, check: bool, *, club_options: bool) -> None:
    from dashboards.app import create_app
    from dashboards.app import serve as serve_folder

    if club_options:
        raise UsageError(
            "serve: --store, --host, --address and --no-jobs belong to a club's server; leave out the folder"
        )
    if not folder.is_dir():
        raise UsageError(f"{folder}: is not a folder; give the one that holds your .rowsense folders")
    if check:
        create_app(folder)
        typer.echo(f"{folder.absolute()}: can be shown")
        return
    typer.echo(f"RowSense shows {folder.absolute()} at http://{HOST}:{port}   (Ctrl-C stops it)", err=True)
    serve_folder(folder, port)


def _address(host: str, port: int, given: str) -> str:
    """How people reach the server.

    Raises
    ------
    UsageError
        It listens for other machines, and nobody said under which name they reach it.
    """
    if given:
        return given.rstrip("/")
    if not is_this_machine(host):
        raise UsageError(
            f"serve: with --host {host} other machines reach the server; say how, as in "
            f"--address http://192.168.1.20:{port}, or https://... where a web server with a certificate stands before"
        )
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
