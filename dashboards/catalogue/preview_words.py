"""What a changed catalogue would come to, in words. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rowsense.report.words import sentence
from rowsense.texts.measures import fault_label
from rowsense.texts.texts import Texts


def preview_words(t: Texts, result: Mapping[str, Any]) -> dict[str, Any]:
    """What a preview says: a lead and one entry for each fault that changes."""
    strokes = int(result["strokes"])
    changed = [one for one in result["faults"] if one["more"] or one["fewer"] or _people_change(one)]
    looked = {
        "sessions": t("catalogue.look.sessions", n=int(result["sessions"])),
        "strokes": t("catalogue.look.strokes", n=strokes),
    }
    notes = [t(f"catalogue.look.{key}", n=count) for key in ("unread", "left_out") if (count := int(result[key]))]
    if not strokes:
        lead = t("catalogue.look.no_session")
    else:
        lead = t("catalogue.look.lead", **looked) if changed else t("catalogue.look.nothing", **looked)
    return {"lead": lead, "faults": [_fault_words(t, one, strokes) for one in changed], "notes": notes}


def _people_change(one: Mapping[str, Any]) -> bool:
    return bool(one["gain"]["count"] or one["lose"]["count"] or one["sessions_more"] or one["sessions_fewer"])


def _fault_words(t: Texts, one: Mapping[str, Any], strokes: int) -> dict[str, Any]:
    sentences = [_strokes(t, int(one["more"]), int(one["fewer"]), strokes, int(one["before"]))]
    sentences += [
        t(f"catalogue.look.{key}", n=count)
        for key, count in (("would_have", int(one["sessions_more"])), ("would_lose", int(one["sessions_fewer"])))
        if count
    ]
    sentences += [_people(t, key, one[key]) for key in ("gain", "lose") if one[key]["count"]]
    name = fault_label(t, str(one["id"]), sentence(str(one["name"])))
    return {"name": name, "sentences": sentences}


def _strokes(t: Texts, more: int, fewer: int, strokes: int, before: int) -> str:
    now = t("catalogue.look.now", n=before) if before else t("catalogue.look.now_none")
    if more and fewer:
        return t("catalogue.look.both", more=more, fewer=fewer, strokes=strokes, now=now)
    if more:
        return t("catalogue.look.more", more=more, n=strokes, now=now)
    return t("catalogue.look.fewer", fewer=fewer, n=strokes, now=now) if fewer else t("catalogue.look.same")


def _people(t: Texts, key: str, who: Mapping[str, Any]) -> str:
    count, names = int(who["count"]), list(who["names"])
    return t(f"catalogue.look.{key}", n=count, names=", ".join(names) + (", …" if count > len(names) else ""))
