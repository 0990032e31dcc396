"""The language of whoever is signed in, and Flask-Security's sentences in it."""

from __future__ import annotations

from flask_login import current_user

from dashboards.texts.reader import catalogue, texts


def chosen_language() -> str | None:
    """That of the account; empty: she has chosen none; None: nobody is signed in."""
    if not current_user or not current_user.is_authenticated:
        return None
    return current_user.language or ""


class OwnWords:
    """What Flask-Security asks for the translation of a message. Ours are ids; all others are its own English."""

    def gettext(self, said: str, **values: object) -> str:
        """The text of an id, in the reader's language."""
        if said in catalogue().messages:
            return texts()(said, **values)
        return said % values if values else said

    def ngettext(self, one: str, other: str, num: int, **values: object) -> str:
        """Its own, in English: none of ours counts."""
        return (one if num == 1 else other) % {"num": num, **values}

    def format_list(self, words: list[str], **_: object) -> str:
        """``a, b and c``."""
        return texts().join(words)
