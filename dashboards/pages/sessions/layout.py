"""How the list and one session look."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboards.ids import Id
from dashboards.library import Library
from dashboards.listing import Listed, Wanted
from dashboards.pages.compare.asked import PATH, PICK, Asked
from dashboards.pages.sessions.list_parts import finder, how_many, none_found, pager
from dashboards.pages.sessions.view_model import CurveBlock, FrameCard, SessionPage, SessionRow
from dashboards.player.films import FilmNote
from rowsense.palette import PHASE, POSTURE_STOPS, hex_of
from rowsense.report.view import FaultView, PhaseView

Children = list[Any]


def session_list(rows: list[SessionRow], shelf: Library, wanted: Wanted, found: Listed) -> Children:
    """A page of the sessions, newest first; where there are none, how to make one."""
    if not rows and wanted == Wanted():
        return _empty(shelf)
    head = [
        html.H1("Your sessions"),
        html.P(f"{how_many(wanted, found)} in {shelf.place}, newest first.", className="lead"),
        *finder(wanted, found),
    ]
    if not rows:
        return [*head, *none_found(wanted)]
    many = [_compare_bar()] if len(rows) > 1 else []
    return [*head, html.Form([*map(_row, rows), *many], action=PATH, method="get"), *pager(wanted, found)]


def _compare_bar() -> html.Div:
    """Comes up once a session is ticked."""
    words = html.Span(
        "Tick two sessions to hold them against each other, or one for its own strokes.", className="soft"
    )
    return html.Div([html.Button("Compare", type="submit", className="tool go"), words], className="compare-bar card")


def _row(row: SessionRow) -> dcc.Link | html.Div:
    unread = [html.Span("1 new note" if row.unread == 1 else f"{row.unread} new notes", className="unread-notes")]
    head = html.H2([row.title, *(unread if row.unread else [])])
    if row.ask_first:
        asked = html.Span("First say what you felt", className="asked")
        return dcc.Link(
            html.Div([head, html.P(row.detail, className="soft"), asked], className="grow"),
            href=row.href,
            className="card row",
        )
    look_at = html.Span(row.fault or "Nothing passed its limit", className="fault-name" if row.fault else "soft")
    words = html.Div([head, html.P(row.detail, className="soft"), look_at], className="grow")
    score = html.Div(
        [html.Span(row.score, className="value"), html.Span("of 100", className="soft")], className="score"
    )
    tick = dmc.Checkbox(
        label="Compare", value=row.key, attributes={"input": {"name": PICK, "aria-label": f"compare {row.detail}"}}
    )
    return html.Div([dcc.Link([words, score], href=row.href, className="card row grow"), tick], className="row-line")


def _empty(shelf: Library) -> Children:
    if not shelf.is_folder:
        return [
            html.H1("No sessions here yet"),
            html.P(f"There is nothing in {shelf.place} that you may see.", className="lead"),
            html.P(html.A("Upload films, and they are analysed", href="/upload"), className="card"),
            html.P(
                "A rower sees her own sessions, a coach those of her squads. Those of juniors, and of rowers whose "
                "year of birth is not known, show once a guardian's consent is recorded.",
                className="card",
            ),
        ]
    steps: Children = [
        "Film from the side, phone steady at seat height, the whole machine in view, ten strokes or more.",
        ["Run ", html.Code("rowsense analyze my_video.mp4"), " in this folder."],
        "Reload this page: the session appears here.",
    ]
    return [
        html.H1("No sessions here yet"),
        html.P(f"This page shows what RowSense has analysed in {shelf.place}.", className="lead"),
        html.Div(html.Ol([html.Li(step) for step in steps]), className="card"),
    ]


def problem(title: str, detail: str) -> Children:
    """A page that cannot be shown, and the way back."""
    return [html.H1(title), html.P(detail, className="lead"), dcc.Link("Back to all sessions", href="/")]


def numbers_only() -> Children:
    """A session without film and report."""
    return [
        html.H1("Only numbers are kept of this session"),
        html.P(
            "There is no film and no report to show; what was measured is part of the rower's season. The sessions of "
            "a made-up club are like this.",
            className="lead",
        ),
        dcc.Link("Back to all sessions", href="/"),
    ]


def session(page: SessionPage) -> Children:
    """One session: what to say first, the film, the frames worth talking about, then all that is known."""
    view = page.view
    return [
        html.P(
            [
                dcc.Link("← All sessions", href=f"/{Wanted(names_hidden=page.name_hidden).but()}"),
                dcc.Link("Compare …", href=Asked(page.key).address),
                *([html.A("Share and keep …", href=page.kept.share)] if page.kept else []),
                dcc.Link("Show the name" if page.name_hidden else "Hide the name", href=page.other_name),
            ],
            className="ways-on",
        ),
        html.H1(view.name),
        html.P(view.lead_in, className="lead"),
        _advice(page),
        *_film(page),
        *_strip(page),
        *_curves(page),
        html.Dl([_tile(*tile) for tile in view.tiles], className="tiles"),
        html.H2("What showed, in numbers"),
        *_faults(page),
        html.H2("Hips and low back, phase by phase"),
        html.Div([_phase(p) for p in view.phases], className="card"),
        html.Div([_sentences(title, lines) for title, lines in _closing(page) if lines], className="columns"),
        html.P(dmc.Group([html.A(words, href=to, target="_blank") for words, to in page.files]), className="files"),
    ]


def judged_by(words: str) -> Children:
    """By which catalogue, where a club has one of its own."""
    return [html.P(words, className="soft")] if words else []


def _advice(page: SessionPage) -> html.Section:
    """One thing done well, one to try, and the way to the frame."""
    head = page.view.headline
    good = html.Div([html.P("Done well", className="eyebrow"), html.P(page.view.well, className="big")])
    show: Children = [_frame_button(page.first_row, "Show me the frame")] if head.fault_id else []
    look = html.Div(
        [
            html.P("The one thing to look at", className="eyebrow"),
            html.H2(head.title),
            html.P(head.sentence),
            html.P([html.B("Try this: "), head.cue], className="cue" if head.fault_id else "question"),
            *_tests(head.self_test),
            *show,
        ]
    )
    asked = html.P([html.B(f"{page.view.question_title} "), page.view.question], className="question")
    return html.Section(
        [look, html.Div([good, asked])], className=f"card advice{' has-fault' if head.fault_id else ''}"
    )


def _frame_button(row: int, words: str, name: str = "") -> html.Button:
    """A button that takes the film to a frame; ``name`` for those who only hear the button."""
    spoken = {"aria_label": name} if name else {}
    return html.Button(words, type="button", className="tool", **_attributes(data_row=str(row), **spoken))


def _attributes(**named: str) -> Any:
    """Attributes whose names have a dash: ``data_row`` becomes ``data-row``."""
    return {name.replace("_", "-"): value for name, value in named.items()}


def _tests(self_test: str, drill: str = "") -> Children:
    """Self-test and drill; nothing where a stored session has none."""
    return [html.P([html.B(lead), words]) for lead, words in (("Test it: ", self_test), ("Drill: ", drill)) if words]


def _film(page: SessionPage) -> Children:
    stops = ", ".join(hex_of(colour) for _, colour in POSTURE_STOPS)
    words = ("hips forward, back flat", "own middle", "hips tipped back, back round")
    place = html.Div(
        html.P("The film is on its way …", className="soft"),
        id=Id.PLAYER,
        key=f"{page.player} {page.name_hidden}",
        className="player",
        **_attributes(
            data_address=page.player,
            data_first=str(page.first_row),
            data_notes=page.notes,
            data_names="off" if page.name_hidden else "",
        ),
    )
    return [
        html.H2("The film, with what was measured"),
        *([_film_note(page.film_note)] if page.film_note else []),
        *([html.P(" ".join(page.kept.lines), className="soft")] if page.kept and page.kept.lines else []),
        place,
        html.Div(className="scale-bar", style={"background": f"linear-gradient(90deg,{stops})"}),
        html.Div([html.Span(w) for w in words], className="scale soft"),
        *([html.Div(id=Id.NOTES, key=f"notes {page.name_hidden}")] if page.notes else []),
    ]


def _film_note(note: FilmNote) -> html.P:
    return html.P([f"{note.reason} Run ", html.Code(note.command), f" {note.instead}".rstrip()], className="question")


def _strip(page: SessionPage) -> Children:
    if not page.frames:
        return []
    return [
        html.H2("The frames worth talking about"),
        html.P(
            "What to mention first comes first. A picture or a stroke takes the film to that frame.", className="soft"
        ),
        html.Ol([html.Li(_card(card)) for card in page.frames], className="strip-of-stills"),
    ]


def _card(card: FrameCard) -> html.Div:
    label = f"{card.name}: the worst frame, {card.worst.words}"
    still = html.Img(src=card.still, alt="") if card.still else html.Span("no picture", className="soft")
    picture = html.Button(
        still, type="button", className="still", **_attributes(data_row=str(card.worst.row), aria_label=label)
    )
    severity = html.Span(card.severity, className=f"severity s-{card.severity}")
    head = html.P(
        [html.B(card.name), " ", severity, html.Br(), html.Span(f"worst in {card.worst.words}", className="soft")]
    )
    buttons = [_frame_button(b.row, b.words, f"{card.name}, {b.words}") for b in card.others]
    more = [html.Span(f"and {card.more} more on the timeline", className="soft")] if card.more else []
    return html.Div([picture, head, html.Div([*buttons, *more], className="occurrences")])


def _curves(page: SessionPage) -> Children:
    if not page.curves:
        return []
    return [
        html.H2("Every stroke laid over the others"),
        html.P(
            "Thin lines are single strokes, the thick line is their mean, the band is their spread. The line that "
            "stands out is the stroke in the film, and a click goes to that place in it.",
            className="soft",
        ),
        html.Div([_curve(curve) for curve in page.curves], className="charts"),
    ]


def _curve(curve: CurveBlock) -> html.Figure:
    head = html.Thead(html.Tr([html.Th(w, scope="col") for w in ("Stroke", "Mean", "Spread")]))
    body = html.Tbody([html.Tr([html.Th(at, scope="row"), html.Td(mean), html.Td(sd)]) for at, mean, sd in curve.rows])
    return html.Figure(
        [
            html.H3([curve.title, html.Span(curve.meaning, className="soft")]),
            html.Div(html.P(curve.alt), **_attributes(data_curve=curve.quantity)),
            html.Details([html.Summary("In words and numbers"), html.P(curve.alt), html.Table([head, body])]),
        ],
        className="card chart",
    )


def _tile(label: str, value: str, note: str) -> html.Div:
    return html.Div([html.Dt(label), html.Dd([html.Span(value, className="value"), html.Span(note, className="soft")])])


def _faults(page: SessionPage) -> Children:
    if not page.view.faults:
        return [html.P("No fault showed in at least half of the strokes that counted.")]
    return [_fault(fault) for fault in page.view.faults]


def _fault(fault: FaultView) -> html.Article:
    rows = [html.Tr([html.Th(r.words, scope="row"), html.Td(r.measured), html.Td(r.limit)]) for r in fault.rules]
    head = html.Thead(html.Tr([html.Th(w, scope="col") for w in ("Measured", "Value", "Limit")]))
    words = html.Div(
        [
            html.H3([fault.name, " ", html.Span(fault.severity, className=f"severity s-{fault.severity}")]),
            html.P(fault.sentence),
            html.P([html.B("Try this: "), fault.cue], className="cue"),
            *_tests(fault.self_test, fault.drill),
            html.Table([head, html.Tbody(rows)]),
            *([html.P(fault.clear_change, className="soft")] if fault.clear_change else []),
            html.P(f"Seen in {fault.strokes}.", className="soft"),
        ]
    )
    return html.Article(words, className="card fault")


def _phase(phase: PhaseView) -> html.Div:
    score = phase.score or 0.0
    return html.Div(
        [
            html.Span([html.I(style={"background": hex_of(PHASE[phase.id])}), phase.name], className="phase-name"),
            html.Span(html.Span(style={"width": f"{score:.0f}%"}, className="fill"), className="track"),
            html.B("–" if phase.score is None else f"{score:.0f}"),
            html.Span(phase.words, className="soft"),
        ],
        className="phase",
    )


def _closing(page: SessionPage) -> tuple[tuple[str, tuple[str, ...]], ...]:
    view = page.view
    return (
        ("How sure is this?", view.certainty),
        ("What was measured, and what was not", view.not_measured + view.stroke_notes),
        ("Next time you film", view.next_time),
        ("Not judged this time, and why", view.not_judged),
        ("What this cannot tell you", view.limits),
    )


def _sentences(title: str, lines: tuple[str, ...]) -> html.Div:
    return html.Div([html.H2(title), html.Ul([html.Li(line) for line in lines])])
