"""What every page in one file is made with: templates, colours, and data that a script may stand beside."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rowsense.tokens import css_for_reports

ASSETS: Final = Path(__file__).parent / "assets"


@cache
def environment() -> Environment:
    """The templates, each compiled once; what a template does not know is an error."""
    return Environment(
        loader=FileSystemLoader(ASSETS), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def script_json(data: dict[str, Any]) -> Markup:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))


def css_colours() -> Markup:
    """The look for style sheets: colours that follow the reader's scheme, and sizes."""
    return Markup(css_for_reports())
