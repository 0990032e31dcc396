import { helpSheet, keyTable, listen } from "/assets/player/keys.js";
import { same } from "./check.js";

function desk(more = {}) {
  document.body.innerHTML = '<div id="film"><div role="slider" tabindex="0"></div></div><input id="name"><button id="other">x</button><a href="#x" id="link">y</a>';
  localStorage.clear();
  const done = [], place = document.getElementById("film");
  const act = (name) => (...by) => { done.push([name, ...by].join(" ")); };
  const player = { place, notes: null, layerNames: [["back", "Back"]], scene: { rows: 40 }, ghost: { isPossible: false }, leave: act("leave"),
    ...Object.fromEntries(["toggle", "step", "stroke", "fault", "loop", "faster", "show", "layer", "help"].map((name) => [name, act(name)])), ...more };
  let on = true;
  const stop = listen(player, keyTable(player), () => on);
  const press = (key, target = document.body, held = {}) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...held });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };
  return { done, place, player, stop, press, off: () => { on = false; }, slider: place.firstChild };
}

export function letters_work_anywhere_on_the_page() {
  const { done, press, stop } = desk();
  [" ", "f", "F", "l", "+", "=", "-", "1", "?", ".", "ArrowRight"].forEach((key) => press(key));
  stop();
  same(done, ["toggle", "fault 1", "fault -1", "loop", "faster 1", "faster 1", "faster -1", "layer back", "help", "step 1", "step 1"]);
}

export function shift_and_an_arrow_go_by_strokes() {
  const { done, press, stop } = desk();
  press("ArrowRight", document.body, { shiftKey: true });
  press("ArrowLeft", document.body, { shiftKey: true });
  stop();
  same(done, ["stroke 1", "stroke -1"]);
}

export function keys_that_scroll_belong_to_the_film_only_inside_it() {
  const { done, press, stop, slider } = desk();
  same([press("ArrowDown"), press("End"), press("ArrowDown", slider), press("End", slider)], [false, false, true, true]);
  stop();
  same(done, ["stroke 1", "show 39"]);
}

export function who_types_presses_or_holds_a_key_down_is_left_alone() {
  const { done, press, stop } = desk();
  press("f", document.getElementById("name"));
  press(" ", document.getElementById("other"));
  press(" ", document.getElementById("link"));
  press("f", document.body, { ctrlKey: true });
  press("l", document.body, { metaKey: true });
  press("1", document.body, { altKey: true });
  document.body.append(Object.assign(document.createElement("dialog"), { open: true }));
  press("f");
  stop();
  same(done, []);
}

export function switched_off_they_still_work_on_the_timeline() {
  const { done, press, stop, off, slider } = desk();
  off();
  press("f");
  press("f", slider);
  stop();
  same(done, ["fault 1"]);
}

export function a_film_that_left_the_page_lets_go() {
  const { done, press, stop, place } = desk();
  place.remove();
  press("f");
  stop();
  same(done, ["leave"]);
}

export function notes_and_ghost_have_keys_only_where_they_are() {
  const { player, stop } = desk();
  stop();
  const keys = (more) => keyTable({ ...player, ...more }).flatMap(([all]) => all).filter((key) => "nmMg".includes(key));
  same([keys({}), keys({ notes: {}, ghost: { isPossible: true } })], [[], ["n", "m", "M", "g"]]);
}

export function the_sheet_says_every_key_and_remembers_the_switch() {
  const { player, stop } = desk();
  stop();
  const table = keyTable(player), { sheet, isOn } = helpSheet(table);
  same([sheet.querySelectorAll("kbd").length, isOn()], [table.length, true]);
  document.body.append(sheet);
  sheet.querySelector("input").click();
  same([isOn(), helpSheet(table).isOn()], [false, false]);
}
