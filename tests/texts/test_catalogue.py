"""The tables of texts: complete, alike in both languages, all used, and with words that we say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from markupsafe import Markup

from dashboards.editing.form import NUMBERS
from dashboards.history.view_model import ACTIONS, DELETED, TOPICS
from dashboards.monitor.view_model import HEADS
from dashboards.pages.filters import WEEKS
from dashboards.pages.sessions.files import OFFERED
from dashboards.settings.view_model import STAGES, STORED
from dashboards.texts.reader import catalogue, english, texts_for
from dashboards.texts.refusals import refusal, refusal_sentence
from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.comparison import COMPARED
from rowsense.assess.explain import STATUS_WORDS
from rowsense.assess.piece_strokes import DRIVE, RATE
from rowsense.conventions import STROKE_ORDER
from rowsense.marks import BACK_LABELS
from rowsense.model.rhythm import PAIRS, PAUSE_PLACES, SEGMENTS
from rowsense.palette import PHASE_WORDS
from rowsense.report.words import sentence
from rowsense.season.reasons import Why
from rowsense.season.vocabulary import MAIN, STEADY, fault_ids
from rowsense.store.audit import KINDS
from rowsense.store.behind import RATES
from rowsense.store.belongings import CALLED
from rowsense.store.club_settings import FACES
from rowsense.store.seen_jobs import GROUPS
from rowsense.store.tables import ERGOMETER_TYPES, PIECE_KINDS, ROLES
from rowsense.store.tables.api_tokens import SCOPES
from rowsense.store.tables.jobs import CANCELLED, DONE, FAILED, PARKED, QUEUED, RUNNING
from rowsense.texts.catalogue import Catalogue, Message, TextError, UnknownTextError, read_catalogue, untranslated
from rowsense.texts.texts import Texts

ROOT = Path(__file__).parents[2]
#: What the project never says of a rower; rowing.md 7 has the English list.
NEVER = {
    "en": r"diagnos|injur|unsafe|\bsafe\b|correct posture|wrong posture|spinal load|patient",
    "de": r"diagnos|verletz|gefährlich|gesundheitsschäd|richtige[nr]? haltung|falsche[nr]? haltung|fehlhaltung"
    r"|haltungsschad|bandscheibe|wirbelsäulenbelastung|patient|krank|unbedenklich|\bsicher\b",
}
#: Why a page did not come, in ``assets/trouble.js``.
TROUBLES = ("signed_out", "changed", "broken", "unreached")
#: What stops an analysis, as ``rowsense/pose/suitability.py`` says it.
NO_FILM = (
    "The rower is cut off, out of the picture at times: {}. Move the camera back until her whole body and the handle "
    "stay in the picture from catch to finish."
)
#: Uses of a text in Python, templates and scripts, and the beginnings of those that are put together.
_USED = re.compile(r"""\b(?:t|texts\(\)|parts|say)\(\s*f?["'`]([a-z_]+(?:\.[a-z_{}$0-9]+)+)["'`]""")
_NAMED = re.compile(r"""["'`]([a-z_]+(?:\.[a-z_0-9]+)+)["'`]""")
_BEGUN = re.compile(r"""["'`]([a-z_]+(?:\.[a-z_0-9]+)*\.)(?:["'`]|\{|\$\{)""")


def _sources() -> Iterator[str]:
    for folder in ("dashboards", "rowsense"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".js", ".html", ".j2") and "__pycache__" not in path.parts:
                yield path.read_text(encoding="utf-8")


def test_german_is_complete() -> None:
    assert untranslated(catalogue()) == []


def test_every_text_that_is_asked_for_is_there_and_every_one_there_is_asked_for() -> None:
    known, sources = set(catalogue().messages), list(_sources())
    named = {key for source in sources for key in _NAMED.findall(source)}
    begun = {key for source in sources for key in _BEGUN.findall(source)} | {f"{key}." for key in named}
    begun |= {
        f"report_{part}.caption." for part in ("hips", "rhythm", "piece", "history")
    }  # rowsense.report.texts.captions
    begun |= {"refused.", "stored."}  # found again by their English form: rowsense.texts.found
    asked = {key for source in sources for key in _USED.findall(source) if "{" not in key and "$" not in key}
    assert sorted(key for key in asked - known if not key.endswith(".")) == []
    assert sorted(key for key in known - named if not any(key.startswith(one) for one in begun)) == []


def test_texts_whose_ids_are_put_together_are_there_for_every_value() -> None:
    together = {
        "shell.role.": ROLES, "shell.as.": ROLES, "accounts.join.as.": ROLES,
        "mail.invitation.text.": ROLES,
        "shell.trouble.": [f"{kind}{part}" for kind in TROUBLES for part in ("", "_why")],
        "upload.kind.": PIECE_KINDS, "upload.ergometer.": ERGOMETER_TYPES, "season.piece.": PIECE_KINDS,
        "season_pages.weeks.": WEEKS, "season_pages.rate.": RATES,
        "quantities.when.": STROKE_ORDER, "quantities.phase.": STROKE_ORDER,
        "season.name.": [one.id for one in MAIN], "season.more.": [one.id for one in MAIN],
        "season.less.": [one.id for one in MAIN], "season.steady.": STEADY,
        "club.tag.": [why.name.lower() for why in Why], "comparison.time.": [f"{DRIVE}.what", f"{RATE}.what"],
        "comparison.angle.": [f"{one}.{part}" for one in COMPARED for part in ("title", "yours", "the", "more")],
        "jobs.of.": ("analyze", "calibrate", "rescore", "rewrite", "share"),
        "jobs.kind.": ("analyze", "calibrate", "rescore", "rewrite", "share"),
        "jobs.state.": (QUEUED, RUNNING, DONE, FAILED, PARKED, CANCELLED), "jobs.stage.": STAGES,
        "jobs.group.": ("all", *GROUPS),
        "jobs.count.": (QUEUED, RUNNING, FAILED, PARKED, CANCELLED),
        "settings.faces.": FACES,
        "settings.stored.": STORED, "settings.stored_hint.": [kind for kind in STORED if kind != "monitor"],
        "faults.": fault_ids(), "catalogue.form.": ("limit", "clear", "strong", "above", "below"),
        "catalogue.style.": [one.id for one in load_catalogue().styles],
        "catalogue.level.": [one.id for one in load_catalogue().levels], "catalogue.status.": STATUS_WORDS,
        "catalogue.form.unit.": ("deg", "s", "percent", "ratio"), "catalogue.own.": ("above", "below"),
        "catalogue.wrong.of_": ("limit", "clear", "strong"), "people.rows.": CALLED,
        "session.file.": [what for offered in OFFERED.values() for what, _ in offered], "session.files.": OFFERED,
        "report_rhythm.name.": (*SEGMENTS, "handle", "seat"), "report_rhythm.unit.": ("m", "trunks", "speed"),
        "report_rhythm.said.at.": PAUSE_PLACES, "report_rhythm.said.pause.": PAUSE_PLACES,
        "report_rhythm.said.gap.": ["_".join(pair) for pair in PAIRS],
        "report_rhythm.said.overlap.": ["_".join(pair) for pair in PAIRS],
        "overlay.label.": [name for name, _ in BACK_LABELS], "overlay.key.": ("forward", "middle", "back"),
        "edit.field.": ("athlete_id", *NUMBERS), "edit.delete.": ("analyses", "comments", "links"),
        "monitor.column.": HEADS,
        "history.did.": ACTIONS, "history.kind.": KINDS, "history.deleted.": DELETED, "history.topic.": TOPICS,
        "tokens.may.": SCOPES,
        "catalogue.look.": ("gain", "lose", "would_have", "would_lose", "unread", "left_out"),
    }  # fmt: skip
    wanted = {f"{begin}{value}" for begin, values in together.items() for value in values}
    assert wanted <= set(catalogue().messages)


def test_english_names_and_cues_of_faults_are_those_of_the_catalogue() -> None:
    for fault in load_catalogue().faults:
        assert english()(f"faults.{fault.id}") == sentence(fault.name)
        for part in ("is_not", "self_test", "drill"):
            assert english()(f"fault_words.{part}.{fault.id}") == getattr(fault.words, part)
        assert english()(f"fault_words.kept.{fault.id}") == fault.kept
        assert not fault.unseen or english()(f"fault_words.unseen.{fault.id}") == fault.unseen
        assert not fault.untimed or english()(f"fault_words.untimed.{fault.id}") == fault.untimed
        for rule in fault.rules:
            key, metric = f"fault_words.metric.{rule.metric}", load_catalogue().metrics[rule.metric]
            assert metric.kind == "mean" or english()(key) == metric.meaning
        assert not fault.words.cue or english()(f"cues.{fault.id}") == sentence(fault.words.cue)
    for known in load_catalogue().not_judged.values():
        assert english()(f"cues.{known.id}") == sentence(known.words.cue)
        for part in ("is_not", "self_test", "drill"):
            assert english()(f"fault_words.{part}.{known.id}") == getattr(known.words, part)


def test_phases_are_called_as_in_the_drawing() -> None:
    assert {phase: english()(f"quantities.phase.{phase}") for phase in PHASE_WORDS} == PHASE_WORDS


@pytest.mark.parametrize("language", sorted(NEVER))
def test_no_text_says_what_we_never_say(language: str) -> None:
    said = {key: " ".join(message.forms[language].values()) for key, message in catalogue().messages.items()}
    assert {key: text for key, text in said.items() if re.search(NEVER[language], text, re.IGNORECASE)} == {}


def test_refusals_are_found_again_by_what_the_store_says() -> None:
    t = texts_for("de-DE")
    assert refusal(t, "write your name; has no name") == "schreib deinen Namen; hat keinen Namen"
    assert refusal_sentence(t, "line 3: birth_year is 'x'; write a year such as 2008, or nothing").startswith(
        "Zeile 3: b"
    )
    cut = refusal(t, NO_FILM.format("shoulder, wrist"))
    assert cut.startswith("Die Person ist angeschnitten, zeitweise nicht im Bild: Schulter, Handgelenk. Geh")
    assert refusal(t, "something that nobody translated") == "something that nobody translated"
    assert refusal(english(), "write your name") == "write your name"


def test_what_the_store_refuses_is_still_said_so() -> None:
    """Else the German of it would never be shown."""
    joined = re.sub(r'"\s*\n\s*f?"', "", "\n".join(_sources()))
    for key, message in catalogue().within("refused"):
        pieces = re.split(r"\{\w+\}", message.form("en"))
        assert [piece for piece in pieces if piece.strip() and piece not in joined] == [], key


def test_german_is_not_english() -> None:
    alike = [key for key, one in catalogue().messages.items() if one.form("de") == one.form("en") and _wordy(one)]
    assert alike == []


def _wordy(message: Message) -> bool:
    """Whether it is more than a word that both languages have, a name or a sign."""
    return len(re.findall(r"[a-z]{2,}", re.sub(r"\{\w+\}", "", message.form("en")))) > 1


def test_rowers_are_spoken_to_as_du() -> None:
    formal = re.compile(r"\b(Ihnen|Ihre[nmrs]?|Ihr)\b|\bSie (können|haben|sind|müssen)\b")
    assert [key for key, one in catalogue().messages.items() if formal.search(" ".join(one.forms["de"].values()))] == []


@pytest.mark.parametrize(
    ("table", "amiss"),
    [
        ('[a]\nen = "{who} rows"\nde = "{wer} rudert"', "other names in braces"),
        ('[a]\nen.one = "one"\nen.other = "{n}"\nde = "viele"', "needs the forms"),
        ('[a]\nen = "{0}"\nde = "{0}"', "only plain names"),
        ('[a]\nen = "a"\nfr = "a"', "is no language"),
        ('a = "a"', "is no table"),
    ],
)
def test_a_table_that_is_not_in_order_is_refused(tmp_path: Path, table: str, amiss: str) -> None:
    (tmp_path / "area.toml").write_text(table, encoding="utf-8")
    with pytest.raises(TextError, match=amiss):
        read_catalogue([tmp_path])


def test_what_has_no_german_is_said_in_english_and_an_unknown_id_is_an_error() -> None:
    t = Texts(Catalogue({"a.b": Message({"en": {"other": "rail"}})}), "de-DE")
    assert t("a.b") == "rail"
    with pytest.raises(UnknownTextError):
        t("a.c")


def test_one_and_many_markup_and_pieces() -> None:
    german = texts_for("de-DE")
    assert german("shell.new_notes", n=1) == "1 neue Notiz"
    assert german("shell.new_notes", n=0) == "0 neue Notizen"
    said = english()("accounts.you.since", since=Markup("<time>3 Mar</time>"), used="<b>")
    assert said == Markup("since <time>3 Mar</time>, last used &lt;b&gt;")
    assert english().parts("accounts.you.since", since=1, used=2) == ["since ", 1, ", last used ", 2]


def test_days_and_numbers_are_written_as_the_reader_writes_them() -> None:
    when = date(2026, 3, 1)
    assert [texts_for(one).day(when) for one in ("en-GB", "en-US", "de-AT")] == [
        "1 Mar 2026", "Mar 1, 2026", "1. März 2026",
    ]  # fmt: skip
    assert [texts_for(one).number(-12.34, 1) for one in ("en-GB", "de-DE")] == ["−12.3", "−12,3"]
    assert texts_for("de-DE").number(2.25, 1, signed=True) == "+2,2" and english().number(-0.01, 1) == "0.0"
