"""What this server offers beside the pages: mail, and signing in by another provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from flask import Flask, current_app

from rowsense.server_settings import ProviderSettings

_OFFERS: Final = "rowsense-offers"


@dataclass(frozen=True, slots=True)
class Offers:
    """What whoever keeps the server has configured."""

    mail: bool = False
    """Mail is sent; somebody sends what is put into the outbox."""
    provider: ProviderSettings = field(default_factory=ProviderSettings)


def use_offers(server: Flask, offers: Offers) -> None:
    """Say what this server offers."""
    server.extensions[_OFFERS] = offers


def offers() -> Offers:
    """Those of the server that answers."""
    found = current_app.extensions[_OFFERS]
    assert isinstance(found, Offers)
    return found


def mails() -> bool:
    """Whether this server sends mail."""
    return offers().mail
