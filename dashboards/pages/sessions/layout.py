"""How the list and one session look."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboards.ids import Id
from dashboards.library import Library
from dashboards.listing import Listed, Wanted
from dashboards.monitor.section import monitor_section
from dashboards.pages.compare.asked import PATH, PICK, Asked
from dashboards.pages.sessions.files import files_section
from dashboards.pages.sessions.list_parts import finder, how_many, nameless_field, narrowed, none_found, pager
from dashboards.pages.sessions.view_model import CurveBlock, FrameCard, SessionPage, SessionRow
from dashboards.player.films import FilmNote
from rowsense.palette import PHASE, POSTURE_STOPS, hex_of
from rowsense.report.view import FaultView, PhaseView
from rowsense.texts.catalogue import ENGLISH
from rowsense.texts.texts import Texts

Children = list[Any]


def session_list(
    t: Texts, rows: list[SessionRow], shelf: Library, wanted: Wanted, found: Listed, only: str = ""
) -> Children:
    """A page of the sessions, newest first; where there are none, how to make one. ``only``: what it is narrowed to."""
    if not rows and wanted == Wanted(names_hidden=wanted.names_hidden):
        return _empty(t, shelf)
    count = how_many(t, wanted, found)
    head = [
        html.H1(t("sessions.head")),
        html.P(t("sessions.lead", count=count, where=shelf.where), className="lead"),
        *narrowed(t, wanted, only),
        *finder(t, wanted, found, settled=shelf.hides_names),
    ]
    if not rows:
        return [*head, *none_found(t, wanted)]
    many = [*nameless_field(wanted.names_hidden), _compare_bar(t)] if len(rows) > 1 else []
    listed = [_row(t, row) for row in rows]
    return [*head, html.Form([*listed, *many], action=PATH, method="get"), *pager(t, wanted, found)]


def _compare_bar(t: Texts) -> html.Div:
    """Comes up once a session is ticked."""
    words = html.Span(t("sessions.tick"), className="soft")
    return html.Div(
        [html.Button(t("sessions.compare"), type="submit", className="tool go"), words], className="compare-bar card"
    )


def _row(t: Texts, row: SessionRow) -> dcc.Link | html.Div:
    unread = [html.Span(t("shell.new_notes", n=row.unread), className="unread-notes")]
    tags = [html.Span(name, className="tag") for name in row.tags]
    head = html.H2([row.title, *(unread if row.unread else []), *tags])
    if row.ask_first:
        asked = html.Span(t("sessions.asked"), className="asked")
        return dcc.Link(
            html.Div([head, html.P(row.detail, className="soft"), asked], className="grow"),
            href=row.href,
            className="card row",
        )
    look_at = html.Span(row.fault or t("sessions.nothing"), className="fault-name" if row.fault else "soft")
    words = html.Div([head, html.P(row.detail, className="soft"), look_at], className="grow")
    score = html.Div(
        [html.Span(row.score, className="value"), html.Span(t("sessions.of_100"), className="soft")], className="score"
    )
    tick = dmc.Checkbox(
        label=t("sessions.compare"),
        value=row.key,
        attributes={"input": {"name": PICK, "aria-label": t("sessions.compare_this", detail=row.detail)}},
    )
    return html.Div([dcc.Link([words, score], href=row.href, className="card row grow"), tick], className="row-line")


def _empty(t: Texts, shelf: Library) -> Children:
    if not shelf.is_folder:
        return [
            html.H1(t("sessions.empty.head")),
            html.P(t("sessions.empty.club", where=shelf.where), className="lead"),
            html.P(html.A(t("sessions.empty.upload"), href="/upload"), className="card"),
            html.P(
                t("sessions.empty.who"),
                className="card",
            ),
        ]
    steps: Children = [
        t("sessions.empty.film"),
        t.parts("sessions.empty.run", command=html.Code("rowsense analyze my_video.mp4")),
        t("sessions.empty.reload"),
    ]
    return [
        html.H1(t("sessions.empty.head")),
        html.P(t("sessions.empty.folder", where=shelf.where), className="lead"),
        html.Div(html.Ol([html.Li(step) for step in steps]), className="card"),
    ]


def problem(t: Texts, title: str, detail: str) -> Children:
    """A page that cannot be shown, and the way back."""
    head = html.H1(title, className="refusal")
    return [head, html.P(detail, className="lead"), dcc.Link(t("sessions.back"), href="/")]


def numbers_only(t: Texts) -> Children:
    """A session without film and report."""
    return [
        html.H1(t("sessions.numbers.head")),
        html.P(
            t("sessions.numbers.lead"),
            className="lead",
        ),
        dcc.Link(t("sessions.back"), href="/"),
    ]


def session(t: Texts, page: SessionPage) -> Children:
    """One session: what to say first, the film, the frames worth talking about, then all that is known."""
    view = page.view
    return [
        html.P(
            [
                dcc.Link(t("sessions.all"), href=f"/{Wanted(names_hidden=page.name_hidden).but()}"),
                dcc.Link(t("session.compare"), href=Asked(page.key, names_hidden=page.name_hidden).address),
                *([dcc.Link(t(_switch(page)), href=page.other_name)] if page.other_name else []),
                *([html.A(t("session.share"), href=page.kept.share)] if page.kept else []),
                *([html.A(t("session.monitor"), href=page.kept.monitor)] if page.kept and page.kept.monitor else []),
                *([html.A(t("session.edit"), href=page.kept.edit)] if page.kept and page.kept.edit else []),
            ],
            className="ways-on",
        ),
        html.H1(view.name),
        html.P(view.lead_in, className="lead"),
        _advice(t, page),
        *_film(t, page),
        *_strip(t, page),
        *_curves(t, page),
        *monitor_section(t, page.monitor, page.monitor_rows),
        html.Dl([_tile(*tile) for tile in view.tiles], className="tiles"),
        html.H2(t("session.showed")),
        *_faults(t, page),
        html.H2(t("session.phases")),
        html.Div([_phase(p) for p in view.phases], className="card"),
        html.Div([_sentences(*one) for one in _closing(t, page) if one[1]], className="columns"),
        *files_section(t, page.files, page.kept.share if page.kept else ""),
    ]


def _switch(page: SessionPage) -> str:
    return "session.show_name" if page.name_hidden else "session.hide_name"


def judged_by(words: str) -> Children:
    """By which catalogue, where a club has one of its own."""
    return [html.P(words, className="soft")] if words else []


def _advice(t: Texts, page: SessionPage) -> html.Section:
    """One thing done well, one to try, and the way to the frame."""
    head = page.view.headline
    good = html.Div([html.P(t("session.well"), className="eyebrow"), html.P(page.view.well, className="big")])
    show: Children = [_frame_button(page.first_row, t("session.show_frame"))] if head.fault_id else []
    look = html.Div(
        [
            html.P(t("session.one_thing"), className="eyebrow"),
            html.H2(head.title),
            html.P(head.sentence),
            html.P([html.B(f"{t('session.try_this')} "), head.cue], className="cue" if head.fault_id else "question"),
            *_tests(t, head.self_test),
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


def _tests(t: Texts, self_test: str, drill: str = "") -> Children:
    """Self-test and drill; nothing where a stored session has none."""
    return [
        html.P([html.B(f"{t(lead)} "), words])
        for lead, words in (("session.test_it", self_test), ("session.drill", drill))
        if words
    ]


def _film(t: Texts, page: SessionPage) -> Children:
    stops = ", ".join(hex_of(colour) for _, colour in POSTURE_STOPS)
    words = [t(f"session.scale.{end}") for end in ("forward", "middle", "back")]
    place = html.Div(
        html.P(t("session.on_the_way"), className="soft"),
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
        html.H2(t("session.film")),
        *([_film_note(t, page.film_note)] if page.film_note else []),
        *([html.P(" ".join(page.kept.lines), className="soft")] if page.kept and page.kept.lines else []),
        place,
        html.Div(className="scale-bar", style={"background": f"linear-gradient(90deg,{stops})"}),
        html.Div([html.Span(w) for w in words], className="scale soft"),
        *([html.Div(id=Id.NOTES, key=f"notes {page.name_hidden}")] if page.notes else []),
    ]


def _film_note(t: Texts, note: FilmNote) -> html.P:
    return html.P(
        t.parts(
            "session.film_note", reason=note.reason, command=html.Code(note.command), instead=note.instead.rstrip()
        ),
        className="question",
    )


def _strip(t: Texts, page: SessionPage) -> Children:
    if not page.frames:
        return []
    return [
        html.H2(t("session.frames")),
        html.P(t("session.frames_how"), className="soft"),
        html.Ol([html.Li(_card(t, card)) for card in page.frames], className="strip-of-stills"),
    ]


def _card(t: Texts, card: FrameCard) -> html.Div:
    label = t("session.worst_label", name=card.name, where=card.worst.words)
    still = html.Img(src=card.still, alt="") if card.still else html.Span(t("session.no_picture"), className="soft")
    picture = html.Button(
        still, type="button", className="still", **_attributes(data_row=str(card.worst.row), aria_label=label)
    )
    severity = html.Span(card.severity_words, className=f"severity s-{card.severity}")
    head = html.P(
        [
            html.B(card.name),
            " ",
            severity,
            html.Br(),
            html.Span(t("session.worst_in", where=card.worst.words), className="soft"),
        ]
    )
    buttons = [_frame_button(b.row, b.words, t("session.frame_of", name=card.name, where=b.words)) for b in card.others]
    more = [html.Span(t("session.more", n=card.more), className="soft")] if card.more else []
    return html.Div([picture, head, html.Div([*buttons, *more], className="occurrences")])


def _curves(t: Texts, page: SessionPage) -> Children:
    if not page.curves:
        return []
    return [
        html.H2(t("session.curves" if page.lines[0] == page.lines[1] else "session.curves_some")),
        html.P(_curves_how(t, *page.lines), className="soft"),
        html.Div([_curve(t, curve) for curve in page.curves], className="charts"),
    ]


def _curves_how(t: Texts, drawn: int, every: int) -> str:
    if drawn == every:
        return t("session.curves_how")
    return t("session.curves_some_how", drawn=drawn, all=every)


def _curve(t: Texts, curve: CurveBlock) -> html.Figure:
    head = html.Thead(html.Tr([html.Th(t(f"session.head.{w}"), scope="col") for w in ("stroke", "mean", "spread")]))
    body = html.Tbody([html.Tr([html.Th(at, scope="row"), html.Td(mean), html.Td(sd)]) for at, mean, sd in curve.rows])
    return html.Figure(
        [
            html.H3([curve.title, html.Span(curve.meaning, className="soft")]),
            html.Div(html.P(curve.alt), **_attributes(data_curve=curve.quantity)),
            html.Details([html.Summary(t("session.in_numbers")), html.P(curve.alt), html.Table([head, body])]),
        ],
        className="card chart",
    )


def _tile(label: str, value: str, note: str) -> html.Div:
    return html.Div([html.Dt(label), html.Dd([html.Span(value, className="value"), html.Span(note, className="soft")])])


def _faults(t: Texts, page: SessionPage) -> Children:
    if not page.view.faults:
        return [html.P(t("session.no_fault"))]
    return [_fault(t, fault) for fault in page.view.faults]


def _fault(t: Texts, fault: FaultView) -> html.Article:
    rows = [html.Tr([html.Th(r.words, scope="row"), html.Td(r.measured), html.Td(r.limit)]) for r in fault.rules]
    head = html.Thead(html.Tr([html.Th(t(f"session.head.{w}"), scope="col") for w in ("measured", "value", "limit")]))
    words = html.Div(
        [
            html.H3([fault.name, " ", html.Span(fault.severity_words, className=f"severity s-{fault.severity}")]),
            html.P(fault.sentence),
            html.P([html.B(f"{t('session.try_this')} "), fault.cue], className="cue"),
            *_tests(t, fault.self_test, fault.drill),
            html.Table([head, html.Tbody(rows)]),
            *([html.P(fault.clear_change, className="soft")] if fault.clear_change else []),
            html.P(t("session.seen_in", strokes=fault.strokes), className="soft"),
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


def _closing(t: Texts, page: SessionPage) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """Title, sentences, and their language: some were written when the session was analysed."""
    view = page.view
    return (
        (t("session.sure"), view.certainty, t.language),
        (t("session.measured"), view.not_measured + view.stroke_notes, t.language),
        (t("session.next_time"), view.next_time, t.language),
        (t("session.not_judged"), view.not_judged, t.language),
        (t("session.limits"), view.limits, t.language),
        (t("session.only_english"), view.only_english, ENGLISH),
    )


def _sentences(title: str, lines: tuple[str, ...], language: str) -> html.Div:
    return html.Div([html.H2(title), html.Ul([html.Li(line) for line in lines], lang=language)])
