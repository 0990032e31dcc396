import { Refused, Sender, announce, localDay } from "/assets/upload/tus.js";
import { refusal, same } from "./check.js";

const FIRST = 65536;
const bytes = (length) => Uint8Array.from({ length }, (_, i) => i % 251);
const film = (length) => new File([bytes(length)], "morning ö.mp4", { lastModified: new Date(2026, 2, 9, 23, 30).getTime() });

// An upload at the server that has some bytes and meets the next parts as told: "half" takes half of one and hangs up, a
// number answers so and takes nothing.
async function upload(length, { has = 0, fates = [], hears = () => {} } = {}) {
  const file = film(length), id = await announce(file);
  await fetch(`/uploads/${id}/state`, { method: "PUT", body: JSON.stringify({ bytes: [...bytes(has)], fates }) });
  const told = [], sender = new Sender(id, file, (news) => {
    told.push(news);
    hears(news, sender);
    // The line is back at once; the waits of a test are none.
    if (news.waiting_s) setTimeout(() => window.dispatchEvent(new Event("online")), 0);
  });
  const state = async () => (await fetch(`/uploads/${id}/state`)).json();
  return { sender, told, state, id };
}

export async function a_film_is_announced_with_name_day_and_length() {
  const { state } = await upload(100);
  const { length, metadata } = await state();
  const told = Object.fromEntries(metadata.split(",").map((pair) => pair.split(" ")));
  same([length, new TextDecoder().decode(Uint8Array.from(atob(told.filename), (c) => c.charCodeAt(0))), atob(told.filmed_on)], [100, "morning ö.mp4", "2026-03-09"]);
  same(localDay(new Date(2026, 0, 5)), "2026-01-05");
}

export async function the_first_part_is_small_and_all_of_it_comes() {
  const { sender, state, told } = await upload(200_000);
  await sender.send();
  const found = await state();
  same([found.size, found.isRight, found.parts.map((part) => part.offset), found.parts.map((part) => part.length)], [200_000, true, [0, FIRST], [FIRST, 200_000 - FIRST]]);
  same(told.at(-1).sent, 200_000);
}

export async function it_goes_on_where_the_server_is() {
  const { sender, state } = await upload(200_000, { has: 120_000 });
  await sender.send();
  const found = await state();
  same([found.isRight, found.parts], [true, [{ offset: 120_000, length: 80_000 }]]);
}

export async function nothing_is_sent_of_what_is_all_there() {
  const { sender, state } = await upload(5000, { has: 5000 });
  await sender.send();
  same((await state()).parts, []);
}

export async function a_line_that_breaks_off_loses_nothing_and_repeats_nothing() {
  const { sender, state, told } = await upload(300_000, { has: 70_000, fates: ["half"] });
  await sender.send();
  const found = await state();
  same([found.isRight, found.parts[0].offset, found.parts.at(-1)], [true, 70_000, { offset: 185_000, length: 115_000 }]);
  same(told.filter((news) => news.waiting_s).map((news) => news.waiting_s), [1]);
}

export async function a_server_that_has_trouble_is_asked_again_ever_later() {
  const { sender, state, told } = await upload(1000, { fates: [503, 500, 409] });
  await sender.send();
  same([(await state()).isRight, told.filter((news) => news.waiting_s).map((news) => news.waiting_s)], [true, [1, 2, 4]]);
}

export async function what_is_refused_for_good_is_not_tried_again() {
  for (const status of [410, 413, 415, 507]) {
    const { sender, state } = await upload(1000, { fates: [status] });
    const error = await refusal(sender.send());
    same([error instanceof Refused, error.status, error.message, (await state()).parts.length], [true, status, "no more of it", 1], `${status}`);
  }
}

export async function who_was_signed_out_is_told_so() {
  const { sender } = await upload(1000, { fates: [401] });
  const error = await refusal(sender.send());
  same([error.status, error.message !== "no more of it"], [401, true]);
}

export async function a_pause_stops_it_and_it_goes_on_later() {
  let pauses = 1;
  const { sender, state } = await upload(3_000_000, { hears: (news, own) => { if (news.sent > FIRST && pauses-- > 0) own.pause(); } });
  same((await refusal(sender.send())).name, "AbortError");
  await sender.send();
  same((await state()).isRight, true);
}
