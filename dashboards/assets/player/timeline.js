// Strokes, phases and faults over time: a close-up around the frame on screen, and above it the whole recording.

import { drawnWidth, el, onScheme, pageColours, sized } from "./dom.js";
import { clock } from "./moment.js";
import { t } from "../server/texts.js";

// At least a thumb's room for a phase: so many pixels a second, and never more than these seconds at once.
const PX_PER_S = 60, MOST_S = 20, LEAST_S = 5;
const BAND = 30, LANE = 30, TOP = 20, AXIS = 20, OVERVIEW = 34;
// On a sheet.
const PAPER_PX = 760;
// The lane of notes, and how near a press on it has to be.
const NOTES = 22, MARK_REACH_PX = 12;
const TICKS_S = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];

export class Timeline {
  // go(time_s): the reader asks for the frame at this time.
  constructor(scene, go) {
    this.scene = scene;
    this.start_s = scene.window_start_s[0] || 0;
    this.end_s = Math.max(scene.end_s, this.start_s + 0.1);
    this.from_s = this.start_s;
    this.marks = [];
    this.close = strip("close-up", (share, y) => go(this.near(this.from_s + share * this.span_s, this.span_s, y >= this.noteLane)));
    this.whole = strip("whole", (share, y) => go(this.near(this.start_s + share * (this.end_s - this.start_s), this.end_s - this.start_s, y >= OVERVIEW - 8)));
    this.element = el("div", { class: "timeline", role: "slider", tabIndex: 0, "aria-label": t("player.place"), "aria-valuemin": this.start_s.toFixed(2), "aria-valuemax": this.end_s.toFixed(2) }, this.whole.box, this.close.box);
    this.resized = new ResizeObserver(() => this.layOut());
    this.resized.observe(this.element);
    this.unscheme = onScheme(() => (drawnWidth(this.element, PAPER_PX) === this.width ? this.draw() : this.layOut()));
  }

  // Where notes are pinned: [{ time_s, isNew }].
  mark(marks) {
    this.marks = marks;
    this.draw();
  }

  get noteLane() { return TOP + BAND + this.scene.faults.length * LANE; }

  get noteHigh() { return this.marks.length ? NOTES : 0; }

  // A press on a note's mark means its moment.
  near(time_s, span_s, isOnMarks) {
    const close = (mark) => Math.abs(mark.time_s - time_s) / span_s * this.width;
    const found = isOnMarks && this.marks.length ? this.marks.reduce((a, b) => (close(b) < close(a) ? b : a)) : null;
    return found && close(found) <= MARK_REACH_PX ? found.time_s : time_s;
  }

  stop() {
    this.resized.disconnect();
    this.unscheme();
  }

  layOut() {
    this.width = drawnWidth(this.element, PAPER_PX);
    if (!this.width) return;
    const total_s = this.end_s - this.start_s;
    this.span_s = Math.min(total_s, Math.max(LEAST_S, Math.min(MOST_S, this.width / PX_PER_S)));
    this.whole.box.hidden = total_s <= this.span_s * 1.02;
    this.turnTo(this.time_s ?? this.start_s, true);
    this.draw();
  }

  // Called for every frame: moves the cursors, and turns the page of the close-up where the frame left it.
  show(moment, words) {
    this.time_s = moment.time_s;
    this.element.setAttribute("aria-valuenow", moment.time_s.toFixed(2));
    this.element.setAttribute("aria-valuetext", words);
    if (!this.width) return;
    if (this.turnTo(moment.time_s)) this.draw();
    this.close.place((moment.time_s - this.from_s) / this.span_s * this.width);
    this.whole.place((moment.time_s - this.start_s) / (this.end_s - this.start_s) * this.width);
  }

  turnTo(time_s, always = false) {
    const before = this.from_s, edge = this.span_s * 0.02;
    const inside = time_s >= this.from_s + edge && time_s <= this.from_s + this.span_s - edge;
    if (!inside || always) this.from_s = time_s - this.span_s * 0.15;
    this.from_s = Math.max(this.start_s, Math.min(this.end_s - this.span_s, this.from_s));
    return this.from_s !== before;
  }

  draw() {
    if (!this.width) return;
    const colours = pageColours();
    this.drawClose(sized(this.close.canvas, this.width, this.close.high(this.noteLane + this.noteHigh + AXIS)), colours);
    if (!this.whole.box.hidden) this.drawWhole(sized(this.whole.canvas, this.width, this.whole.high(OVERVIEW)), colours);
  }

  drawClose(context, colours) {
    const to_s = this.from_s + this.span_s, at = (time_s) => (time_s - this.from_s) / this.span_s * this.width;
    context.font = `600 13px ${colours.font}`;
    context.textBaseline = "middle";
    this.scene.strokes.forEach((stroke, number) => {
      if (stroke.end_s < this.from_s || stroke.borders_s[0] > to_s) return;
      this.phases(context, stroke, at, TOP, BAND);
      context.fillStyle = colours.ink;
      context.fillRect(at(stroke.borders_s[0]), 4, 1.5, TOP + BAND - 4);
      context.fillText(stroke.usable ? `${number + 1}` : t("player.not_counted", { number: number + 1 }), at(stroke.borders_s[0]) + 5, 10);
    });
    this.scene.faults.forEach((fault, lane) => this.lane(context, colours, fault, at, TOP + BAND + lane * LANE, to_s));
    this.pins(context, colours, this.marks.filter((mark) => mark.time_s >= this.from_s && mark.time_s <= to_s), at, this.noteLane + NOTES / 2, 7);
    this.axis(context, colours, at, this.noteLane + this.noteHigh, to_s);
  }

  phases(context, stroke, at, top, high) {
    const { look } = this.scene;
    context.globalAlpha = stroke.usable ? 1 : 0.35;
    look.phases.forEach(([, , colour], i) => {
      context.fillStyle = stroke.usable ? colour : look.unseen;
      context.fillRect(at(stroke.borders_s[i]), top, at(stroke.borders_s[i + 1]) - at(stroke.borders_s[i]), high);
    });
    context.globalAlpha = 1;
  }

  lane(context, colours, fault, at, top, to_s) {
    context.font = `12px ${colours.font}`;
    context.fillStyle = colours.soft;
    context.fillText(fault.name, 2, top + 9);
    context.fillStyle = colours.line;
    context.fillRect(0, top + 18, this.width, 9);
    context.fillStyle = colours.fault;
    for (const [from_s, end_s] of fault.spans_s) {
      if (end_s >= this.from_s && from_s <= to_s) context.fillRect(at(from_s), top + 18, Math.max(2, at(end_s) - at(from_s)), 9);
    }
  }

  pins(context, colours, marks, at, middle, radius) {
    context.strokeStyle = colours.ink;
    context.fillStyle = this.scene.look.note;
    for (const mark of marks) {
      context.lineWidth = mark.isNew ? 4 : 1.5;
      context.beginPath();
      context.arc(Math.max(radius + 1, Math.min(this.width - radius - 1, at(mark.time_s))), middle, radius, 0, 2 * Math.PI);
      context.stroke();
      context.fill();
    }
  }

  axis(context, colours, at, top, to_s) {
    const step = TICKS_S.find((s) => s / this.span_s * this.width > 70) || TICKS_S[TICKS_S.length - 1];
    context.font = `12px ${colours.font}`;
    context.fillStyle = colours.soft;
    for (let time_s = Math.ceil(this.from_s / step) * step; time_s <= to_s; time_s += step) {
      const words = clock(time_s).replace(/[.,]00$/, ""), wide = context.measureText(words).width;
      context.fillText(words, Math.min(this.width - wide, Math.max(0, at(time_s) - wide / 2)), top + AXIS / 2 + 2);
    }
  }

  drawWhole(context, colours) {
    const total_s = this.end_s - this.start_s, at = (time_s) => (time_s - this.start_s) / total_s * this.width;
    context.fillStyle = colours.line;
    context.fillRect(0, 4, this.width, OVERVIEW - 8);
    for (const stroke of this.scene.strokes) {
      context.fillStyle = stroke.usable ? this.scene.look.phases[1][2] : this.scene.look.unseen;
      context.fillRect(at(stroke.borders_s[0]), 6, Math.max(0.5, at(stroke.end_s) - at(stroke.borders_s[0]) - 1), 10);
    }
    context.fillStyle = colours.fault;
    context.globalAlpha = 0.7;
    for (const fault of this.scene.faults) {
      for (const [from_s, end_s] of fault.spans_s) context.fillRect(at(from_s), 18, Math.max(1, at(end_s) - at(from_s)), 10);
    }
    context.globalAlpha = 1;
    this.pins(context, colours, this.marks, at, OVERVIEW - 5, 4);
    context.strokeStyle = colours.brand;
    context.lineWidth = 2;
    context.strokeRect(at(this.from_s) + 1, 3, Math.max(4, this.span_s / total_s * this.width - 2), OVERVIEW - 6);
  }
}

// A canvas with a cursor over it; a press or a drag calls back with the share of the width.
function strip(name, chosen) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  const cursor = el("div", { class: "cursor" });
  const box = el("div", { class: `strip ${name}` }, canvas, cursor);
  const told = (event) => {
    const { left, top, width } = box.getBoundingClientRect();
    chosen(Math.max(0, Math.min(1, (event.clientX - left) / width)), event.clientY - top);
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    box.setPointerCapture(event.pointerId);
    told(event);
  });
  box.addEventListener("pointermove", (event) => { if (box.hasPointerCapture(event.pointerId)) told(event); });
  return {
    box, canvas,
    high: (pixels) => { canvas.style.height = `${pixels}px`; return pixels; },
    place: (pixels) => { cursor.style.transform = `translateX(${pixels}px)`; },
  };
}
