"""What one reader is told: texts in her language, numbers and days as she writes them."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from markupsafe import Markup, escape

from rowsense.texts.catalogue import LANGUAGES, NUMBER, Catalogue

_MINUS: Final = "−"


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one locale, such as ``de-AT``: language and habits of a country."""

    catalogue: Catalogue
    locale: str
    language: str = field(init=False)

    def __post_init__(self) -> None:
        language = self.locale.partition("-")[0]
        if language not in LANGUAGES:
            raise ValueError(f"{self.locale}: no language of these texts")
        object.__setattr__(self, "language", language)

    def __call__(self, key: str, /, **values: object) -> str:
        """A text with its places filled.

        Where one value is markup, so is the text, and all else in it is escaped. Numbers in ``values`` are whole ones:
        write others by :meth:`number` first.

        Raises
        ------
        UnknownTextError
            There is none of this id.
        KeyError
            A place has no value.
        """
        text = self.catalogue[key].form(self.language, values.get(NUMBER))
        if any(hasattr(value, "__html__") for value in values.values()):
            return Markup(escape(text)).format(**values)
        return text.format(**values) if values else _closed(text)

    def parts(self, key: str, /, **values: Any) -> list[Any]:
        """A text in pieces, for components that stand within it."""
        return list(self._parts(self.catalogue[key].form(self.language, values.get(NUMBER)), values))

    def number(self, value: float, digits: int = 0, *, signed: bool = False) -> str:
        """With ``digits`` decimals, the language's decimal sign and a true minus; ``signed``: with a plus too."""
        written = f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"
        if not written.strip("+-0."):
            written = written.lstrip("+-")  # nothing is neither more nor less
        return self.decimal(written)

    def decimal(self, written: str) -> str:
        """A number that was written with a point."""
        return written.replace(".", self("dates.decimal_sign")).replace("-", _MINUS)

    def day(self, when: date) -> str:
        """A day with its year."""
        return self._dated("day", when)

    def short_day(self, when: date) -> str:
        """A day without its year."""
        return self._dated("short_day", when)

    def month(self, when: date) -> str:
        """A month, for an axis; with its year in January."""
        name = self("dates.months_alone").split()[when.month - 1]
        return f"{name} {when.year}" if when.month == 1 else name

    def after_colon(self, sentence: str) -> str:
        """A sentence behind a colon: English begins it small, German does not."""
        return sentence[:1].lower() + sentence[1:] if self.language == "en" else sentence

    def join(self, words: Sequence[str]) -> str:
        """``a, b and c``."""
        if len(words) < 2:
            return "".join(words)
        return self("dates.and", first=", ".join(words[:-1]), last=words[-1])

    def _dated(self, name: str, when: date) -> str:
        key = f"dates.{name}_us" if self.locale == "en-US" else f"dates.{name}"
        month = self("dates.months").split()[when.month - 1]
        return self(key, day=when.day, month=month, year=when.year)

    @staticmethod
    def _parts(text: str, values: dict[str, Any]) -> Iterator[Any]:
        for said, name, *_ in string.Formatter().parse(text):
            if said:
                yield said
            if name is not None:
                yield values[name]


def _closed(text: str) -> str:
    """A text without values: what stands in doubled braces is a brace, and an open place is an error."""
    return text.format() if "{" in text or "}" in text else text
