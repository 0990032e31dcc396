"""The compose file says what the program knows: commands, options, variables, addresses, secrets, volumes."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from rowsense.cli import app
from rowsense.jobs.runner_settings import RunnerSettings
from rowsense.logs import VARIABLE
from rowsense.pose.models import CACHE_VARIABLE
from rowsense.server_settings import MailSettings, ProviderSettings, ServerSettings, UploadSettings
from rowsense.settings import read_settings
from rowsense.settings_table import sections, variable
from rowsense.store.bucket_files import open_bucket
from rowsense.store.database import store_url
from rowsense.store.places import DATA_VARIABLE

DEPLOY = Path(__file__).parents[2] / "deploy"
OURS = ("web", "runner", "scheduler", "worker")
#: What the program reads, and where that is said; the others are read by libraries or by the shell scripts.
KNOWN = {VARIABLE, DATA_VARIABLE, CACHE_VARIABLE, "ROWSENSE_METRICS_TOKEN"} | {
    variable(section, name) for section, fields in sections() for name in fields
}
OTHERS = {"ROWSENSE_NAME", "TMPDIR", "POSTGRES_PASSWORD_FILE", "PYTHONUNBUFFERED", "PATH"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


def test_every_part_is_there_and_says_whether_it_is_well(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {*OURS, "db", "s3"} <= set(services)
    for name, service in services.items():
        assert service.get("healthcheck"), f"{name} does not say whether it is well"
        assert set(service.get("depends_on", {})) <= set(services)
        assert set(service.get("secrets", ())) <= set(compose["secrets"])
        assert set(service["networks"]) <= set(compose["networks"])
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source.startswith("/") or source in compose["volumes"] or (DEPLOY / source).is_file(), volume
        published = service.get("ports", ())
        assert not published or name == "proxy", "only the web server with the certificate is reached from outside"
    assert services["worker"]["deploy"]["replicas"] >= 2
    for name in OURS:
        assert services[name]["cap_drop"] == ["ALL"] and services[name]["read_only"]
    assert compose["networks"]["back"] == {"internal": True}, "whoever reaches the scheduler runs programs"


def test_commands_and_their_options_are_those_of_the_program(compose: dict[str, Any]) -> None:
    root = get_command(app)
    said: dict[str, dict[str, str]] = {}
    for name in ("web", "runner"):
        words = compose["services"][name]["command"]
        assert words[0] == "rowsense"
        command: Any = root
        options = [word for word in words[1:] if word.startswith("--")]
        for word in words[1 : len(words) - len(options)]:
            command = command.commands[word]
        known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        said[name] = dict(word.partition("=")[::2] for word in options)
        assert set(said[name]) <= known, f"{name}: {set(said[name]) - known}"
    assert said["web"]["--store"] == said["runner"]["--store"], "pages and jobs are of one store"
    assert said["web"]["--files"] == said["runner"]["--files"]
    url = store_url(said["web"]["--store"])
    assert (url.get_backend_name(), url.password) == ("postgresql", None)
    assert open_bucket(said["web"]["--files"]).place == "s3://rowsense/club"
    scheduler, worker = (compose["services"][name]["command"] for name in ("scheduler", "worker"))
    assert RunnerSettings(scheduler=said["runner"]["--scheduler"]).scheduler == worker[2]
    assert f"--port={worker[2].rpartition(':')[2]}" in scheduler
    assert "--nthreads=1" in worker


def test_every_variable_is_one_that_something_reads(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert set(service.get("environment", {})) <= KNOWN | OTHERS, name
    texts = [path.read_text(encoding="utf-8") for path in (DEPLOY / "Dockerfile", DEPLOY / "entrypoint.sh")]
    assert set(re.findall(r"ROWSENSE_[A-Z_]+", "".join(texts))) <= KNOWN
    entrypoint, made = texts[1], (DEPLOY / "make-secrets.sh").read_text(encoding="utf-8")
    assert set(re.findall(r"^secret \w+ (\w+)", entrypoint, re.M)) <= set(compose["secrets"])
    for name, secret in compose["secrets"].items():
        assert Path(secret["file"]) == Path("secrets") / name and name in made


def test_the_settings_of_the_server_are_all_in_the_example_and_are_read(
    compose: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asked,) = compose["services"]["web"]["env_file"]
    assert asked == {"path": "rowsense.env", "required": False}
    text = (DEPLOY / "rowsense.env.example").read_text(encoding="utf-8")
    said = dict(line[1:].split("=", 1) for line in text.splitlines() if line.startswith("#ROWSENSE_"))
    known = {
        f"ROWSENSE_{stage}__{name}".upper()
        for stage, settings in (("mail", MailSettings), ("provider", ProviderSettings), ("uploads", UploadSettings))
        for name in settings.model_fields
    } | {"ROWSENSE_SERVER__SECRET_FILE"}
    assert set(said) == known
    monkeypatch.chdir(tmp_path)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    settings = read_settings(ServerSettings)
    assert settings.mail.is_on and settings.provider.is_on
    secrets = {Path(f"/run/secrets/{name}") for name in compose["services"]["web"]["secrets"]}
    assert {settings.mail.password_file, settings.provider.secret_file} <= secrets


def test_pages_are_shown_by_several_processes_that_share_a_folder(compose: dict[str, Any]) -> None:
    """The web server asks for every address of the name, and no other part of the file names a process of pages."""
    web = compose["services"]["web"]
    assert web["deploy"]["replicas"] >= 2 and "container_name" not in web and "ports" not in web
    assert web["volumes"] == ["web-data:/data"] and "--no-jobs" in web["command"]
    caddy = re.sub(r"\s+", " ", (DEPLOY / "Caddyfile").read_text(encoding="utf-8"))
    assert "dynamic a { name web port 8050" in caddy
    assert "port" not in {option.partition("=")[0].strip("-") for option in web["command"]}, "8050, as it is"


def test_the_image_is_of_the_checkout_and_runs_as_nobody_special() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r locks/server.txt" in text and "--no-index dist/rowsense-" in text
    assert text.rindex("\nUSER rowsense") > text.rindex("\nRUN ")
    elsewhere = re.compile(r"https?://(?!127\.0\.0\.1|s3:|\$|accounts\.club\.org)")
    for path in DEPLOY.iterdir():
        assert not elsewhere.search(path.read_text(encoding="utf-8")), path.name


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell")
def test_the_entrypoint_hands_secrets_to_the_program_alone(tmp_path: Path) -> None:
    """With the folder of the secrets moved here; everything else as it is."""
    text = (DEPLOY / "entrypoint.sh").read_text(encoding="utf-8")
    (tmp_path / "database_password").write_text("very secret\n", encoding="utf-8")
    moved = tmp_path / "entrypoint.sh"
    moved.write_text(text.replace("/run/secrets", str(tmp_path)), encoding="utf-8")
    told = ["sh", str(moved), "sh", "-c", 'printf "%s|%s" "$PGPASSWORD" "${AWS_ACCESS_KEY_ID-none}"']
    done = subprocess.run(told, capture_output=True, text=True, check=True, env={"PATH": "/usr/bin:/bin"})
    assert (done.stdout, done.stderr) == ("very secret|none", "")
