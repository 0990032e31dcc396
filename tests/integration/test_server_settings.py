"""Settings of a club's server: one file, the environment, options; each wins over the one before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from rowsense import logs
from rowsense.cli import app
from rowsense.errors import UsageError
from rowsense.server_settings import PlaceSettings, ServerSettings, put_into_environment
from rowsense.settings import CONFIG, SERVER_SECTIONS, Settings, read_settings
from rowsense.settings_table import BEGIN, END, OPTIONS, not_usual, sections, settings_table

PAGE = Path(__file__).parents[2] / "docs" / "deploy.md"
SECRET = "hunter2 hunter2"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests; none left behind."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("ROWSENSE_") and "__" in name:
            monkeypatch.delenv(name)
    for name in ("PGPASSWORD", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ROWSENSE_METRICS_TOKEN", CONFIG):
        monkeypatch.setenv(name, "")  # so that it is put back afterwards
    monkeypatch.setenv(logs.VARIABLE, "")


def test_the_page_says_what_the_settings_are() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.partition(BEGIN)[2].partition(END)[0].strip() == settings_table(), "write it with `make docs`"
    assert tuple(ServerSettings.model_fields) == SERVER_SECTIONS
    assert not set(ServerSettings.model_fields) & set(Settings.model_fields), "both stand in one file"
    root = get_command(app)
    serve, jobs = root.commands["serve"], root.commands["jobs"].commands["run"]  # type: ignore[attr-defined]
    for name, options in OPTIONS.items():
        command = jobs if name.startswith("jobs.") else serve
        known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        assert set(options.split(", ")) <= known, name
    for section, fields in sections():
        for name, field in fields.items():
            assert field.description, f"{section}.{name} does not say what it is"


def test_the_last_one_wins_and_it_is_said_who_that_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "elsewhere.toml"
    (tmp_path / "rowsense.toml").write_text("[server]\nport = 1\n", encoding="utf-8")
    file.write_text(
        "[pose]\nstride = 2\n[server]\nport = 8051\nclub_gb = 20\nstore = 'postgresql://r:hunter2@db/club'\n", "utf-8"
    )
    monkeypatch.setenv(CONFIG, str(file))
    monkeypatch.setenv("ROWSENSE_SERVER__PORT", "8052")
    monkeypatch.setenv("ROWSENSE_SERVER__CLUB_GB", "30")
    monkeypatch.setenv("ROWSENSE_SERVER", "https://rowing.club.org")  # which is what `rowsense push` reads
    monkeypatch.setenv("ROWSENSE_MAIL__PORT", "")  # as a compose file hands on what nobody has set
    given = {"port": 8053}
    found = read_settings(ServerSettings, server=given)
    assert (found.server.port, found.server.club_gb, found.mail.port) == (8053, 30, 587)
    assert not_usual(found, {"server.port"}) == (
        f"server.store = postgresql://r:***@db/club ({file})",
        "server.port = 8053 (option)",
        "server.club_gb = 30.0 (environment)",
    )
    assert read_settings(Settings).pose.stride == 2, "the same file holds both"


@pytest.mark.parametrize(
    ("toml", "variable", "said"),
    [
        ("[sever]\nport = 1\n", "", "[sever] is not known; did you mean [server]?"),
        ("[server]\nprot = 1\n", "", "setting server.prot: is not known; did you mean server.port?"),
        (f"[mail]\npassword = '{SECRET}'\n", "", "did you mean mail.password_file?"),
        ("", "ROWSENSE_MIAL__HOST", "did you mean ROWSENSE_MAIL__...?"),
        ("", "ROWSENSE_MAIL__HSOT", "did you mean mail.host?"),
        ("", "ROWSENSE_PORT", "did you mean ROWSENSE_SERVER__PORT?"),
        ("[mail]\nhost = 'mail.club.org'\n", "", "setting mail: with a mail host, sender says whom mail is from"),
        ("[server]\nport = 'postgresql://r:hunter2@db/club'\nclub_gb = -1\n", "", "server.club_gb"),
    ],
)
def test_what_is_not_known_is_refused_with_the_nearest_name_and_without_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toml: str, variable: str, said: str
) -> None:
    (tmp_path / "rowsense.toml").write_text(toml, encoding="utf-8")
    if variable:
        monkeypatch.setenv(variable, SECRET)
    with pytest.raises(UsageError) as refused:
        read_settings(ServerSettings)
    assert said in str(refused.value) and "hunter2" not in str(refused.value)


def test_secrets_come_from_files_and_are_shown_nowhere(tmp_path: Path) -> None:
    names = ("metrics_token_file", "database_password_file", "s3_key_id_file", "s3_key_file")
    for name in names:
        (tmp_path / name).write_text(f"{SECRET} {name}\n", encoding="utf-8")
    place = PlaceSettings.model_validate({name: tmp_path / name for name in names})
    put_into_environment(place)
    assert os.environ["PGPASSWORD"] == f"{SECRET} database_password_file"
    assert os.environ["AWS_SECRET_ACCESS_KEY"] == f"{SECRET} s3_key_file"
    assert os.environ["ROWSENSE_METRICS_TOKEN"] == f"{SECRET} metrics_token_file"
    assert SECRET not in repr(place) and SECRET not in "".join(not_usual(ServerSettings(server=place)))
    (tmp_path / "s3_key_file").write_text("\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"server\.s3_key_file: .* is empty"):
        put_into_environment(place)


def test_a_server_and_its_jobs_take_everything_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "club").mkdir()
    (tmp_path / "password").write_text(SECRET, encoding="utf-8")
    (tmp_path / "club.toml").write_text(
        f"[server]\nstore = '{tmp_path}/club'\nport = 0\n[provider]\nissuer = 'http://127.0.0.1:9'\nclient_id = 'c'\n"
        f"secret_file = '{tmp_path}/password'\n",
        encoding="utf-8",
    )
    run = CliRunner().invoke
    done = run(app, ["serve", "--check", "--config", "club.toml"])
    assert isinstance(done.exception, UsageError) and "server.port" in str(done.exception)
    done = run(app, ["serve", "--check", "--config", "club.toml", "--port", "8059", "--no-jobs"])
    assert done.exit_code == 0, done.exception
    assert "a new store would be made; it would be at http://127.0.0.1:8059" in done.output
    assert "server.jobs = False (option)" in done.output and SECRET not in done.output
    wrong = {"mail.hsot=x": "did you mean mail.host", "mial.host=x": "did you mean mail.host", "port": "write it as"}
    for words, told in wrong.items():
        done = run(app, ["serve", "--check", "--config", "club.toml", "--port", "8059", "--set", words])
        assert isinstance(done.exception, UsageError) and told in str(done.exception)
    club = ["--config", "club.toml", "--set", "server.port=8058", "--set", "provider.name=Verband", "--no-jobs"]
    done = run(app, ["serve", "--check", *club])
    assert "server.port = 8058 (option)" in done.output and "provider.name = Verband (option)" in done.output
    done = run(app, ["jobs", "list", "--config", "club.toml"])
    assert isinstance(done.exception, UsageError), "port 0 of the file is as wrong for the jobs"
    settings = (tmp_path / "club.toml").read_text(encoding="utf-8").replace("port = 0", "port = 8059")
    (tmp_path / "club.toml").write_text(f"{settings}[jobs]\nscheduler = 'tcp://10.0.0.1:8786'\n", encoding="utf-8")
    assert run(app, ["jobs", "list", "--config", "club.toml"]).exit_code == 0
    assert (tmp_path / "club" / "club.sqlite3").is_file(), "the store that the file names"
    done = run(app, ["serve", "--check", "--config", "club.toml"])
    assert isinstance(done.exception, UsageError) and "cannot share an SQLite file" in str(done.exception)
