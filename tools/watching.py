"""What a page says beside what it shows: its status, the console, what it asks for, what it weighs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tools.walk import Stop

#: Of this page and all that it loaded, as it was sent, from a cache too; films and their pictures are not counted.
BYTES: Final = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter((one) => !/\\/(media|shared)\\//.test(one.name)).reduce((sum, one) => sum + one.encodedBodySize, 0)"""


@dataclass
class Watch:
    """One tab that goes from stop to stop."""

    page: Any
    homes: tuple[str, ...]
    """Addresses that may be asked."""
    _said: list[tuple[str, str]] = field(default_factory=list, init=False)
    """What the console was told, and about which address."""
    _asked: list[str] = field(default_factory=list, init=False)
    _status: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self._said.append((str(error), "")))
        self.page.on("console", self._console)
        self.page.on("request", lambda request: self._asked.append(request.url))
        self.page.on("response", self._response)

    def amiss(self, stop: Stop) -> list[str]:
        """What is not as it should be since the stop before, now that the page is there."""
        expected = "" if stop.status < 400 else self.page.url
        said = [words for words, about in self._said if not (expected and about == expected)]
        elsewhere = [url for url in self._asked if not url.startswith((*self.homes, "data:", "blob:"))]
        refused, byte_count = self.page.locator("h1.refusal").count() > 0, self.page.evaluate(BYTES)
        self._said.clear()
        self._asked.clear()
        return [
            *(f"the console says {words}" for words in said),
            *(f"it asks for {url}" for url in elsewhere),
            *([] if self._status == stop.status else [f"the answer is {self._status}, not {stop.status}"]),
            *([] if refused == stop.refused else [f"{'nothing but' if refused else 'no'} refusal is shown"]),
            *([] if byte_count <= stop.most_bytes else [f"{byte_count} bytes are more than {stop.most_bytes}"]),
        ]

    def _console(self, said: Any) -> None:
        if said.type in ("error", "warning"):
            self._said.append((said.text, said.location.get("url", "")))

    def _response(self, answer: Any) -> None:
        if (
            answer.request.is_navigation_request()
            and answer.frame == self.page.main_frame
            and answer.status not in (301, 302, 303)
        ):
            self._status = answer.status
