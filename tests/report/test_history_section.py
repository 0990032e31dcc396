"""The report's section on earlier sessions: what it says, on the page and on paper, and that it only counts."""

from __future__ import annotations

from dataclasses import replace

from rowsense.model import OwnHistory, RangeCount, Session, UsualLevel, WeekCount
from rowsense.report.history_view import history_view
from rowsense.report.html import html_report
from rowsense.report.pdf import pdf_report
from rowsense.report.summary import summary
from rowsense.report.texts import captions
from rowsense.texts.measures import ENGLISH, spoken
from tests.assess.forbidden import forbidden_in
from tests.session_fixture import make_session

WORDS = captions(ENGLISH, "report_history")
TIPPING = "pelvic_tilt_fall_into_catch_deg"
RANGE = RangeCount(TIPPING, "deg", 2.0, 14.0, 40, 1.6, 12, 0.5, 3, 0.1)
HISTORY = OwnHistory(
    dates=tuple(f"2026-11-{day:02d}" for day in (2, 5, 9, 12, 16)),
    left_out=("film 3: filmed from the left, this one from the right",),
    levels=(
        UsualLevel(TIPPING, "deg", 12.0, 18.0, 3.0, 17.0, 19.0, 5, 6.0, False),
        UsualLevel("lumbar_rise_into_catch_deg", "deg", 4.0, 18.0, 3.0, 9.0, 27.0, 5, 6.0, True),
    ),
    ranges=(RANGE,),
    weeks=(WeekCount("2026-W46", 2, (RANGE,)), WeekCount("2026-W48", 1, (RANGE,))),
)


def session(history: OwnHistory | None = HISTORY) -> Session:
    return replace(make_session(), history=history)


def test_the_sentences() -> None:
    view = history_view(session())
    assert view is not None
    assert view.lead == "Held against your last 5 sessions, 2026-11-02 to 2026-11-16."
    assert view.lines == (
        "Low back rounding, rock-over to catch: lower than in your last 5 sessions, 4° for usually 18° ± 3°.",
    )
    assert view.levels[0] == ("Hips tipping back, rock-over to catch", "12°", "18° ± 3°", "17 to 19°", "6°")
    assert view.ranges == (
        "Hips tipping back, rock-over to catch: your usual range is 2 to 14°. 12 strokes (0.5 min) lay in its top "
        "tenth, from 12.8° on, and 3 strokes (0.1 min) above it, of 40 strokes (1.6 min).",
    )
    ((name, rows),) = view.weeks
    assert name.startswith("Hips tipping back")
    assert rows[0] == ("2026-W46", "2", "40 (1.6 min)", "12 (0.5 min)", "3 (0.1 min)")
    assert view.left_out == ("Left out: film 3: filmed from the left, this one from the right.",)


def test_nothing_clear_and_too_few_are_said() -> None:
    same = history_view(session(replace(HISTORY, levels=HISTORY.levels[:1], dates=HISTORY.dates[:3])))
    assert same is not None
    assert same.lines == ("Nothing was clearly unlike your earlier sessions.",)
    assert "So few say little" in same.lead
    none = history_view(session(OwnHistory(("2026-11-02",), reason="It takes 3 earlier sessions.")))
    assert none is not None
    assert (none.lead, none.lines, none.levels, none.weeks) == ("It takes 3 earlier sessions.", (), (), ())


def test_of_many_only_the_first_are_sentences() -> None:
    many = tuple(replace(HISTORY.levels[1], quantity=f"pelvic_tilt_deg_{n}") for n in range(9))
    view = history_view(session(replace(HISTORY, levels=many)))
    assert view is not None
    assert len(view.lines) == 7
    assert view.lines[-1] == "3 more in the table."
    assert len(view.levels) == 9


def test_it_counts_and_concludes_nothing() -> None:
    view = history_view(session())
    assert view is not None
    said = [view.lead, *view.lines, *view.ranges, *view.left_out, *WORDS.values()]
    assert forbidden_in(said) == []


def test_a_german_reader_has_it_in_german() -> None:
    view = history_view(session(), spoken("de"))
    assert view is not None
    assert view.lead == "Verglichen mit deinen letzten 5 Einheiten, 2026-11-02 bis 2026-11-16."
    assert "niedriger als in deinen letzten 5 Einheiten, 4° statt sonst 18° ± 3°" in view.lines[0]
    assert "12 Schläge (0,5 min) lagen in seinem obersten Zehntel" in view.ranges[0]


def test_page_and_paper_have_it_only_where_it_is_known() -> None:
    page = html_report(session(), {}, None)
    assert "You, against your earlier sessions" in page
    assert "4° for usually 18° ± 3°" in page
    assert "You, against your earlier sessions" not in html_report(session(None), {}, None)
    assert len(pdf_report(session(), {})) > len(pdf_report(session(None), {}))


def test_summary_holds_the_history() -> None:
    assert summary(session(None))["history"] is None
    said = summary(session())["history"]
    assert set(said) == set(OwnHistory.__slots__)
    assert said["levels"][1]["clear"] is True
    assert said["ranges"][0]["top_from"] == 12.8
    assert said["weeks"][1]["ranges"][0]["above_count"] == 3
