"""Mail through a real mail server: signed in, encrypted, refused, not there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from rowsense.mail.sending import MailError, UndeliverableError, check_mail, send
from rowsense.mail.words import Words, invitation_words
from rowsense.server_settings import MailSettings
from tests.dashboards.test_serve_club import free_port
from tests.mail.postbox import PASSWORD, USER, encrypting, let_in, postbox

WORDS = invitation_words("Łódź\r\nBcc: all@club.org", "coach", "https://rowing.club.org/join/x", 7)


def settings(port: int, **more: object) -> MailSettings:
    given = {"host": "127.0.0.1", "port": port, "encryption": "none", "sender": "RowSense <rowing@club.org>", **more}
    return MailSettings.model_validate(given)


def test_a_mail_is_plain_text_to_one_person() -> None:
    with postbox() as box:
        send(settings(box.port), "anna@club.org", WORDS)
        (mail,) = box.mails
    assert (mail["To"], mail["From"], mail["Bcc"]) == ("anna@club.org", "RowSense <rowing@club.org>", None)
    assert mail["Subject"] == "RowSense: join Łódź Bcc: all@club.org"
    assert mail.get_content_type() == "text/plain" and not mail.is_multipart()
    assert "https://rowing.club.org/join/x" in box.text() and "as a coach" in box.text()
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Message-ID"].endswith("@club.org>")


@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_signing_in_over_an_encrypted_connection(tmp_path: Path, encryption: str) -> None:
    context, trusted = encrypting(tmp_path)
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    how = {
        # It does not see that the whole connection is encrypted.
        "tls": {"ssl_context": context, "auth_require_tls": False},
        "starttls": {"tls_context": context, "require_starttls": True, "auth_required": True},
    }[encryption]
    known = {"encryption": encryption, "user": USER, "password_file": secret, "ca_file": trusted}
    with postbox(authenticator=let_in, **how) as box:
        check_mail(settings(box.port, **known))
        assert box.mails == [], "a check sends nothing"
        send(settings(box.port, **known), "anna@club.org", WORDS)
        assert len(box.mails) == 1
        with pytest.raises(MailError, match="CA_FILE"):
            check_mail(settings(box.port, **{**known, "ca_file": None}))
        secret.write_text("not this one", encoding="utf-8")
        with pytest.raises(MailError, match="does not let rowing in") as told:
            check_mail(settings(box.port, **known))
        assert not isinstance(told.value, UndeliverableError), "it is mended and then goes out"
        assert "not this one" not in str(told.value)


def test_what_is_refused_for_good_and_what_for_now() -> None:
    with postbox() as box:
        box.refusals = {"gone@club.org": "550 no such mailbox", "full@club.org": "452 mailbox full"}
        with pytest.raises(UndeliverableError, match="no such mailbox"):
            send(settings(box.port), "gone@club.org", WORDS)
        with pytest.raises(MailError, match="mailbox full") as told:
            send(settings(box.port), "full@club.org", WORDS)
        assert not isinstance(told.value, UndeliverableError)
        with pytest.raises(UndeliverableError):
            send(settings(box.port), "anna@club.org\nRCPT TO:<all@club.org>", Words("a", "b"))
        assert box.mails == []
        port = box.port
        with pytest.raises(MailError, match="STARTTLS"):
            check_mail(settings(port, encryption="starttls"))
    with pytest.raises(MailError, match=f"127.0.0.1:{port}: cannot be reached"):
        check_mail(settings(port))


def test_a_server_that_says_nothing_is_left() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(MailError, match="cannot be reached"):
            check_mail(settings(silent.getsockname()[1], timeout_s=0.3))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sender": ""}, "sender says"),
        ({"sender": "a\nb@club.org"}, "sender says"),
        ({"user": "rowing"}, "go together"),
        ({"host": "mail.club.org", "user": "rowing", "password_file": "x"}, "unencrypted"),
    ],
)
def test_settings_that_do_not_go_together(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        settings(25, **wrong)


def test_on_the_command_line(tmp_path: Path) -> None:
    def rowsense(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rowsense", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=120, env={**os.environ, **environment}
        )

    with postbox() as box:
        named = {"HOST": "127.0.0.1", "PORT": str(box.port), "ENCRYPTION": "none", "SENDER": "rowing@club.org"}
        environment = {f"ROWSENSE_MAIL__{name}": value for name, value in named.items()}
        done = rowsense("mail-test", "anna@club.org", **environment)
        assert done.returncode == 0 and box.mails[0]["To"] == "anna@club.org", done.stderr
        done = rowsense("serve", "--check", "--store", str(tmp_path), "--port", str(free_port()), **environment)
        assert done.returncode == 0 and f"127.0.0.1:{box.port}, which answers" in done.stdout, done.stderr
        assert len(box.mails) == 1
        (done,) = [
            rowsense("serve", "--check", "--store", str(tmp_path), **{**environment, "ROWSENSE_MAIL__PORT": "1"})
        ]
        assert done.returncode != 0 and "127.0.0.1:1: cannot be reached" in done.stderr
