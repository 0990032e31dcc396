"""Goes through a page by Tab alone: where that stops, where one does not see where one is, where the order jumps.

``python -m tools.keyboard [NAME...]`` walks all pages, or those of these names.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from tools.walk import DEMO_ROLES, STOPS

#: More than any page has.
MOST: Final = 600
#: So far up may the next one be, pixels; any way up where it is further to the right: columns are read one by one.
JUMP_PX: Final = 420
#: What is not in sight may be so after this time, or after some times it on a busy machine.
SETTLED_MS: Final = 250
LOOKS: Final = 20
#: Day, month, year, and the button for a calendar; and one more.
PARTS: Final = 5
_HERE: Final = """() => {
    const one = document.activeElement;
    if (!one || one === document.body || one === document.documentElement) return null;
    const { top, left, width, height } = one.getBoundingClientRect();
    const ringed = (node) => { const { outlineStyle, outlineWidth } = getComputedStyle(node);
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2; };
    const holders = [one, one.parentElement, one.parentElement?.parentElement].filter(Boolean);
    if (!window.numberOf) window.numberOf = new Map();
    if (!numberOf.has(one)) numberOf.set(one, numberOf.size);
    const words = one.ariaLabel || one.labels?.[0]?.innerText || one.innerText || one.value || one.name || "";
    return { number: numberOf.get(one), said: `${one.tagName.toLowerCase()} “${words.trim().slice(0, 50)}”`,
        top: top + scrollY, left, seen: width > 0 && height > 0 && top < innerHeight && top + height > 0,
        ringed: holders.some(ringed), layer: Boolean(one.closest("dialog, header, nav")) }; }"""


@dataclass(frozen=True)
class Place:
    """Where the focus is."""

    number: int
    said: str
    top: float
    left: float
    seen: bool
    ringed: bool
    layer: bool
    """In a part of the page that lies beside the flow: its head, a dialogue."""


def places(page: Any) -> list[Place]:
    """All that one comes to by Tab, from the beginning of the page until one leaves it or comes round."""
    page.evaluate("() => { document.activeElement?.blur(); getSelection().removeAllRanges(); window.numberOf = null; }")
    found: list[Place] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(_HERE)
        for _ in range(LOOKS):
            if here is None or here["seen"]:
                break
            page.wait_for_timeout(SETTLED_MS)  # for a picture that is loaded once it comes into sight
            here = page.evaluate(_HERE)
        if here is None or (found and here["number"] == found[0].number):
            break
        found.append(Place(**here))
        if held(found):
            break
    return found


def held(found: Sequence[Place]) -> bool:
    """Whether Tab stays in one place for longer than a field for a day needs for its parts."""
    return len(found) >= PARTS and len({one.number for one in found[-PARTS:]}) == 1


def amiss(found: Sequence[Place]) -> list[str]:
    """What keeps somebody with a keyboard from finding the way."""
    if not found:
        return ["nothing is reached by Tab"]
    said = []
    if len(found) == MOST or held(found):
        said.append(f"one does not come on from {found[-1].said}")
    said += [f"{one.said} is not in sight" for one in found if not one.seen]
    said += [f"one does not see that {one.said} has the focus" for one in found if not one.ringed]
    said += [
        f"from {one.said} up to {two.said}"
        for one, two in pairwise(found)
        if two.top < one.top - JUMP_PX and two.left <= one.left and not (one.layer or two.layer)
    ]
    return said


def main(names: tuple[str, ...]) -> None:
    """Walk, and say what is amiss on which page."""
    from benchmarks.first_view import SCREEN, browser_of_our_own, site_to_walk

    troubles = []
    with tempfile.TemporaryDirectory() as scratch, site_to_walk(Path(scratch)) as site, browser_of_our_own() as browser:
        page = browser.new_page(viewport=SCREEN, reduced_motion="reduce")
        for stop in (stop for stop in STOPS if not names or stop.name in names):
            if stop.role in DEMO_ROLES:
                page.goto(f"{site.demo}/demo/{stop.role}")
            stop.go(page, site)
            found = places(page)
            print(f"{stop.name}: {len(found)} places", file=sys.stderr)
            troubles += [f"{stop.name}: {words}" for words in amiss(found)]
    print("\n".join(troubles) or "Nothing is amiss.")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
