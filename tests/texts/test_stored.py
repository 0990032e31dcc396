"""What an analysis keeps in English: every such sentence of the code has its German, and is found again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dashboards.texts.reader import catalogue, texts_for
from dashboards.texts.refusals import refusal
from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.drift import too_short
from rowsense.quality import describe_quality
from rowsense.report.certainty import GOOD
from rowsense.report.view import report_view
from rowsense.texts.found import STORED, stored, stored_or_quoted
from rowsense.texts.measures import ENGLISH, plain_name, spoken
from tests.session_fixture import make_session

ROOT = Path(__file__).parents[2]
GERMAN = spoken("de")
#: Whatever these say is kept with a session, or refused; docstrings and what is raised at programmers left out.
SOURCES = (
    "strokes/selection.py", "strokes/detect.py", "quality.py", "pose/suitability.py", "camera/geometry.py",
    "video/_source.py", "video/probe.py", "video/read.py", "assess/rules.py", "assess/own_metrics.py",
    "assess/metrics.py", "assess/five.py", "assess/first_mover.py", "assess/hips.py", "assess/drift.py",
    "assess/consistency.py", "assess/best.py", "assess/piece.py", "assess/own_history.py", "assess/advice.py",
    "assess/definitions.py",
)  # fmt: skip
#: Of the advice in ``session.json``, which no page shows; what begins the report, whose words are made anew; by what
#: the five are measured, in the summary alone; and what only programs and the command line are told.
LEFT_ENGLISH = (
    "It shows best", "Nothing passed its limit", "Look at this first", "pelvic tilt when the trunk is upright",
    "head against trunk, forward", "shoulders forward of the line", "shins past the limit", "time of the drive before",
    "mov,mp4", "this key is of another analysis",
)  # fmt: skip
#: What these raise reaches somebody who uses the pages.
REFUSING = (
    "store/shares.py", "store/api_tokens.py", "store/people.py", "store/joining.py", "store/club_policies.py",
    "store/club_settings.py", "store/notes.py", "store/uploads.py", "store/feelings.py", "store/catalogues.py",
    "store/upload_files.py", "store/roster.py", "store/members.py",
    "store/squads.py", "store/audit.py", "jobs/claiming.py", "jobs/analyze.py", "jobs/film.py", "jobs/again.py",
    "mail/sending.py", "assess/sides.py", "side_by_side.py",
)  # fmt: skip
_FEWEST_WORDS = 3


def _sentences(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Patterns of all literals of three words and more; what stands in braces is anything."""
    inner = [one for node in nodes for one in ast.walk(node)]
    skipped = {id(node.value) for node in inner if isinstance(node, ast.Expr)}
    for node in inner:
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ValueError":
            skipped |= {id(one) for one in ast.walk(node)}
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(one) for one in node.values}
    for node in inner:
        parts = [] if id(node) in skipped else _parts(node)
        if len(re.findall(r"[A-Za-z]{2,}", " ".join(parts))) >= _FEWEST_WORDS and " " in "".join(parts).strip():
            yield ".*".join(re.escape(part.strip(" ")) for part in parts)


def _parts(node: ast.AST) -> list[str]:
    """What a literal says around its places."""
    if isinstance(node, ast.JoinedStr):
        return [str(one.value) if isinstance(one, ast.Constant) else "" for one in node.values]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.split(r"\{\w+\}", node.value)
    return []


def _errors(tree: ast.Module) -> list[ast.AST]:
    """What is raised, and the errors that functions return for others to raise."""
    returned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    made = [one for one in returned if isinstance(one, ast.Call) and getattr(one.func, "id", "").endswith("Error")]
    return [*(node for node in ast.walk(tree) if isinstance(node, ast.Raise)), *made]


def _without_german(nodes: Iterable[ast.AST]) -> list[str]:
    forms = [message.form("en") for _, message in catalogue().within("refused", *STORED)]
    missing = [one for one in _sentences(nodes) if not any(re.search(one, form) for form in forms)]
    return [one for one in missing if not any(known in one.replace("\\", "") for known in LEFT_ENGLISH)]


def _tree(name: str) -> ast.Module:
    return ast.parse((ROOT / "rowsense" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SOURCES)
def test_every_sentence_that_is_kept_has_its_german(name: str) -> None:
    assert _without_german([_tree(name)]) == []


@pytest.mark.parametrize("name", REFUSING)
def test_every_refusal_that_a_page_may_show_has_its_german(name: str) -> None:
    assert _without_german(_errors(_tree(name))) == []


def test_what_the_catalogue_says_of_faults_that_are_not_judged_has_its_german() -> None:
    for fault in load_catalogue().not_judged.values():
        assert stored(GERMAN, fault.reason), fault.reason
        assert stored(GERMAN, " and ".join(one.says.format(value="2.5 deg") for one in fault.shows))
    for fault in load_catalogue().faults:
        assert stored(GERMAN, f"{GOOD}{fault.kept} (in all 7 strokes judged).") != fault.kept
        assert not fault.unseen or stored(GERMAN, fault.unseen)
    for metric in load_catalogue().metrics:
        said = stored(GERMAN, f"{plain_name(metric)} was measured in a part of the piece only")
        assert said and plain_name(metric) not in said.split(": ")[0], metric


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("hands not seen for 0.4 s", "Hände 0,4 s lang nicht zu sehen"),
        (
            "pelvic tilt catch or lumbar flexion catch and shin catch could be measured in only 3 of 9 usable strokes",
            "nur in 3 von 9 brauchbaren Schlägen messbar: Beckenkippung in der Auslage oder Rundung im unteren Rücken "
            "in der Auslage und Unterschenkelwinkel in der Auslage",
        ),
        (
            "no usable stroke; it needs your head in your own tall posture (rowsense calibrate)",
            "kein brauchbarer Schlag; dazu braucht es deinen Kopf in deiner eigenen aufrechten Haltung (Kalibrierung, "
            "rowsense calibrate)",
        ),
        (
            "Left out: rest longer than a stroke, from 3.5 s, 12.0 s.",
            "Ausgelassen: Pause, länger als ein Schlag, ab 3,5 s, 12,0 s.",
        ),
        (
            "What goes well: your shins stay close to upright at the catch (in all 7 strokes judged).",
            "deine Unterschenkel bleiben in der Auslage nah an der Senkrechten (in allen 7 beurteilten Schlägen).",
        ),
        (
            "a and b.mov ends unexpectedly at 2.0 s; the rest is missing",
            "a and b.mov bricht bei 2,0 s ab; der Rest fehlt",
        ),
        (
            "The hip tip was measured in 97% of the frames, to about ±5 degrees in a single frame.",
            "In 97 % der Bilder gemessen, auf etwa ±5° im einzelnen Bild: Beckenkippung.",
        ),
    ],
)
def test_a_kept_sentence_is_said_in_german(english: str, german: str) -> None:
    assert stored(GERMAN, english) == german
    assert stored(ENGLISH, english) == english


def test_what_is_not_known_says_that_it_is_english() -> None:
    assert stored(GERMAN, "no such words; no usable stroke") is None
    assert stored_or_quoted(GERMAN, "no such words") == "auf Englisch „no such words“"
    assert stored_or_quoted(ENGLISH, "no such words") == "no such words"
    assert refusal(
        texts_for("de-DE"), "a.mov has no frames (zero length); the recording did not start, so film again"
    ) == ("a.mov hat keine Bilder (Länge null); die Aufnahme ist nicht angelaufen, filme also noch einmal")


def test_a_german_report_shows_what_was_kept_where_it_belongs() -> None:
    session = make_session(4)
    angles, strokes = session.angles, session.strokes
    spoilt = replace(angles, values=angles.values | {"elbow_deg": np.full(len(angles), np.nan)})
    quality = describe_quality(spoilt, strokes, ("The camera shook, which was taken out.",))
    first, *others = strokes.strokes
    unused = replace(first, usable=False, reason="pause of about 1.4 s")
    kept = replace(
        session,
        quality=quality | {"more": "Words of an older version."},
        strokes=replace(
            strokes,
            strokes=(unused, *others),
            notes=("The first 2.5 s lie before the first whole stroke and are not counted.",),
        ),
        assessment=replace(
            session.assessment, notes=(), not_judged={"pulls_harder": "no usable stroke", "own_x": "own words"}
        ),
    )
    view = report_view(kept, GERMAN)
    assert "In keinem Bild messbar: Ellbogenwinkel." in view.not_measured
    assert view.strokes[0].note == "nicht gezählt: Pause von etwa 1,4 s"
    assert view.stroke_notes == ("Die ersten 2,5 s liegen vor dem ersten ganzen Schlag und zählen nicht.",)
    assert view.not_judged == ("Zieht fester, statt sich Zeit zu nehmen: kein brauchbarer Schlag.",)
    old = "The camera shook, which was taken out."
    assert set(view.only_english) >= {old, "Words of an older version.", "Own x: own words."}
    assert too_short(3, 0.2) and stored(GERMAN, too_short(3, 0.2))
