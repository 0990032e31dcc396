"""Sending through a mail server (SMTP). Every way in which that can fail ends as one of two errors."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from rowsense.errors import RowSenseError, UsageError
from rowsense.mail.words import Words
from rowsense.server_settings import MailSettings

#: Letters of a mail server's answer that are kept.
_MOST_SAID = 200


class MailError(RowSenseError):
    """A mail could not be sent now; later it may."""


class UndeliverableError(MailError):
    """A mail that is not taken, and will not be."""


def check_mail(settings: MailSettings) -> None:
    """Connect, greet and sign in, and send nothing.

    Raises
    ------
    MailError
        That does not work; the words say what to mend.
    """
    with _signed_in(settings):
        pass


def send(settings: MailSettings, to: str, words: Words) -> None:
    """Send one mail.

    Raises
    ------
    MailError
        Not now.
    UndeliverableError
        The server takes no such mail, or none to this address.
    """
    try:
        message = _message(settings, to, words)
    except (ValueError, MessageError) as error:
        raise UndeliverableError(f"{to}: is no address that a mail can be sent to") from error
    with _signed_in(settings) as server:
        server.send_message(message)


def _message(settings: MailSettings, to: str, words: Words) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.sender, to, words.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=settings.domain)
    # Nobody's absence notice answers to it.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.text)
    return message


@contextmanager
def _signed_in(settings: MailSettings) -> Iterator[smtplib.SMTP]:
    try:
        server = _connected(settings)
        try:
            if settings.user:
                server.login(settings.user, _password(settings))
            yield server
        finally:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()
    except (smtplib.SMTPException, OSError) as error:
        raise _in_words(settings, error) from error


def _in_words(settings: MailSettings, error: Exception) -> MailError:
    place = f"{settings.host}:{settings.port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return MailError(f"{place} does not let {settings.user} in ({_said(error)}); look at user and password")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _refused(code, f"{place} does not take mail to this address ({_short(words)})")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        if "STARTTLS" in str(error).upper():
            return MailError(f"{place} offers no STARTTLS; set ROWSENSE_MAIL__ENCRYPTION to tls or none")
        return UndeliverableError(f"{place}: {error}")
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused(error.smtp_code, f"{place} refused the mail ({_said(error)})")
    if isinstance(error, ssl.SSLError):
        return MailError(
            f"{place}: no encrypted connection ({error.reason or error}); look at encryption and host, and, where the "
            "club has certificates of its own, at ROWSENSE_MAIL__CA_FILE"
        )
    return MailError(f"{place}: cannot be reached ({error or type(error).__name__}); look at host and port")


def _connected(settings: MailSettings) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
    if settings.encryption == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout_s, context=context)
    server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_s)
    try:
        server.ehlo()
        if settings.encryption == "starttls":
            server.starttls(context=context)
            server.ehlo()
    except BaseException:
        server.close()
        raise
    return server


def _password(settings: MailSettings) -> str:
    path = settings.password_file
    if path is None:
        raise UsageError("mail: there is a user and no password file; set ROWSENSE_MAIL__PASSWORD_FILE")
    try:
        return path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MailError(f"{path}: the mail password cannot be read ({error})") from error


def _refused(code: int, words: str) -> MailError:
    return UndeliverableError(words) if 500 <= code < 600 else MailError(words)


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_short(error.smtp_error)}"


def _short(said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(words.split())[:_MOST_SAID]
