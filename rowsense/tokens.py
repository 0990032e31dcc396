"""The look of RowSense: reads ``tokens.toml`` and says it as style sheets.

One file holds every colour and size, so that one colour means one thing in film, curves, pages, reports and on paper.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

Rgb = tuple[int, int, int]

LIGHT, DARK, PRINT = "light", "dark", "print"
SCHEMES: Final = (LIGHT, DARK, PRINT)
_SAME_EVERYWHERE: Final = ("meaning", "on-film")
_SIZES: Final = ("type", "space", "radius", "size")
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}([0-9a-f]{2})?")
_HEAD: Final = "/* Written by `python -m rowsense.tokens` from rowsense/tokens.toml: change that one. */\n"


def _read(path: Path) -> Mapping[str, Any]:
    """All tokens, each checked.

    Raises
    ------
    ValueError
        A colour is none, or schemes do not name the same colours.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    names = {scheme: set(tables["schemes"][scheme]) for scheme in SCHEMES}
    if len({frozenset(n) for n in names.values()}) > 1:
        raise ValueError(f"{path.name}: schemes do not name the same colours: {names}")
    coloured = [*tables["schemes"].values(), *(tables[part] for part in (*_SAME_EVERYWHERE, "quantity", "phase"))]
    values = [value for table in coloured for value in table.values()] + tables["posture"]["stops"]
    if wrong := [value for value in values if not _COLOUR.fullmatch(value)]:
        raise ValueError(f"{path.name}: no colours: {', '.join(wrong)}")
    return MappingProxyType(tables)


TOKENS: Final = _read(Path(__file__).with_name("tokens.toml"))
#: The typeface of pages, canvases and figures.
FONT: Final[str] = TOKENS["type"]["font"]


def colour(part: str, name: str) -> Rgb:
    """A colour by its table and name; of a scheme by the scheme's name."""
    table = TOKENS["schemes"][part] if part in SCHEMES else TOKENS[part]
    return rgb(table[name])


def rgb(written: str) -> Rgb:
    """Red, green, blue, 0-255, of ``#rrggbb``."""
    return int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16)


def css_for_pages() -> str:
    """Custom properties for pages, which switch by an attribute of the page."""
    schemes = TOKENS["schemes"]
    dark = '[data-mantine-color-scheme="dark"]'
    return _HEAD + "\n".join(
        [
            _block(":root", {**schemes[LIGHT], **_constant(), **_sizes()}),
            _block(dark, schemes[DARK]),
            f"@media print {{\n{_block(f':root, {dark}', schemes[PRINT])}\n}}",
            "",
        ]
    )


def css_for_reports() -> str:
    """Custom properties for a page by itself, which follows the reader's system."""
    schemes = TOKENS["schemes"]
    return "\n".join(
        [
            _block(":root", {**schemes[LIGHT], **_constant(), **_sizes()}),
            f"@media (prefers-color-scheme: dark) {{\n{_block(':root', schemes[DARK])}\n}}",
            f"@media print {{\n{_block(':root', schemes[PRINT])}\n}}",
            "",
        ]
    )


def _constant() -> dict[str, str]:
    stops = ", ".join(TOKENS["posture"]["stops"])
    same = {name: value for part in _SAME_EVERYWHERE for name, value in TOKENS[part].items()}
    return {**same, "posture": f"linear-gradient(90deg, {stops})"}


def _sizes() -> dict[str, str]:
    return {name: value for part in _SIZES for name, value in TOKENS[part].items()}


def _block(selector: str, values: Mapping[str, str]) -> str:
    return "\n".join([f"{selector} {{", *_lines(values), "}"])


def _lines(values: Mapping[str, str]) -> Iterator[str]:
    for name, value in values.items():
        yield f"  --{name}: {value};"


if __name__ == "__main__":
    place = Path(__file__).parents[1] / "dashboards" / "assets" / "styles" / "1-tokens.css"
    place.write_text(css_for_pages(), encoding="utf-8")
