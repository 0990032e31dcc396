// Drawing on the stage with mouse, pen, finger or keys. Makes shapes in source pixels; knows nothing of notes.

import { POINTS, TOOLS, paintCross, paintShapes } from "./note_shapes.js";
import { t } from "../server/texts.js";

const MOST_SHAPES = 40;
const MOST_POINTS = 400;
// A press that moves less is a tap: the next tap sets the next point.
const TAP_PX = 6;
// Free hand: a new point after this share of the picture's width.
const THIN_SHARE = 0.004;
const STEP_SHARE = 0.01;
const FINE_SHARE = 0.002;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Pencil {
  // isOn(): whether the picture that is drawn on is on screen; changed(): something is to be painted anew.
  constructor(stage, size_px, isOn, changed) {
    Object.assign(this, { stage, size_px, isOn, changed, tool: TOOLS[0][0] });
    this.clear();
    this.listeners = { pointerdown: (e) => this.down(e), pointermove: (e) => this.move(e), pointerup: (e) => this.up(e), pointercancel: () => this.drop(), keydown: (e) => this.key(e) };
  }

  clear() {
    this.shapes = [];
    this.points = [];
    this.ahead = null;
    this.cross = null;
    this.pressed = null;
  }

  start() {
    this.clear();
    for (const [name, heard] of Object.entries(this.listeners)) this.stage.addEventListener(name, heard);
    this.stage.classList.add("drawn-on");
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute("aria-label", t("notes.picture"));
  }

  stop() {
    for (const [name, heard] of Object.entries(this.listeners)) this.stage.removeEventListener(name, heard);
    this.stage.classList.remove("drawn-on");
    this.stage.tabIndex = -1;
    this.stage.removeAttribute("role");
    this.stage.removeAttribute("aria-label");
    this.clear();
  }

  choose(tool) {
    this.tool = tool;
    this.drop();
  }

  get isFull() { return this.shapes.length >= MOST_SHAPES; }

  // The last point of a mark that is not done, else the last mark.
  undo() {
    if (this.points.length) this.points.pop();
    else this.shapes.pop();
    this.ahead = null;
    this.changed();
  }

  drop() {
    this.points = [];
    this.ahead = null;
    this.pressed = null;
    this.changed();
  }

  down(event) {
    if (event.button || !this.isOn() || this.isFull) return;
    event.preventDefault();
    this.stage.focus({ preventScroll: true });
    this.stage.setPointerCapture(event.pointerId);
    this.pressed = [event.clientX, event.clientY];
    this.cross = null;
    this.set(this.place(event));
  }

  move(event) {
    if (!this.isOn()) return;
    const here = this.place(event);
    if (this.tool === "free" && this.pressed) {
      if (apart(here, this.points[this.points.length - 1]) >= THIN_SHARE * this.size_px[0]) this.points.push(here);
    } else if (this.points.length) this.ahead = here;
    else return;
    this.changed();
  }

  up(event) {
    if (!this.pressed) return;
    const moved = Math.hypot(event.clientX - this.pressed[0], event.clientY - this.pressed[1]) >= TAP_PX;
    this.pressed = null;
    if (this.tool === "free") this.finish();
    else if (moved && this.points.length) this.set(this.place(event));
  }

  key(event) {
    if (!this.isOn() || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = MOVES[event.key];
    if (move) this.moveCross(move, event.shiftKey ? FINE_SHARE : STEP_SHARE);
    else if (event.key === "Enter" || event.key === " ") this.setCross();
    else if (event.key === "Backspace") this.undo();
    else if (event.key === "Escape" && this.points.length) this.drop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  moveCross([dx, dy], share) {
    const step = share * this.size_px[0], [x, y] = this.cross || this.size_px.map((v) => v / 2);
    this.cross = this.inside([x + dx * step, y + dy * step]);
    this.ahead = this.points.length ? this.cross : null;
    this.changed();
  }

  setCross() {
    if (this.isFull) return;
    this.cross = this.cross || this.inside(this.size_px.map((v) => v / 2));
    this.set(this.cross);
  }

  set(point) {
    const last = this.points[this.points.length - 1];
    // Two points in one place make no line.
    if (!last || apart(point, last) > 0) this.points.push(point);
    this.ahead = null;
    if (this.points.length === POINTS[this.tool]) this.finish();
    else this.changed();
  }

  finish() {
    let points = this.points;
    while (points.length > MOST_POINTS) points = points.filter((_, i) => i % 2 === 0 || i === points.length - 1);
    if (points.length >= 2) this.shapes.push({ kind: this.tool, points });
    this.drop();
  }

  place(event) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    return this.inside([(event.clientX - left) / width * this.size_px[0], (event.clientY - top) / height * this.size_px[1]]);
  }

  // A tenth of a pixel is enough.
  inside(point) { return point.map((v, i) => Math.max(0, Math.min(this.size_px[i], Math.round(v * 10) / 10))); }

  paint(context, scale, width, look) {
    const open = this.ahead ? [...this.points, this.ahead] : this.points;
    paintShapes(context, this.shapes, scale, width, look);
    if (open.length > 1) paintShapes(context, [{ kind: this.tool, points: open }], scale, width, look);
    if (open.length === 1) paintCross(context, open[0], scale, look);
    if (this.cross) paintCross(context, this.cross, scale, look);
  }
}

const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
