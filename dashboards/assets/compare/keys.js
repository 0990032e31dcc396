// The keys of the comparison: what they do, and what the sheet says about them.

import { drawn } from "./bar.js";

export function keyTable(host) {
  const pairs = host.pairs > 1 ? [
    [["Shift+ArrowRight", "ArrowDown"], "Shift → or ↓", "both one stroke on", () => host.pair(1)],
    [["Shift+ArrowLeft", "ArrowUp"], "Shift ← or ↑", "both one stroke back", () => host.pair(-1)],
    [["l"], "l", "loop this stroke", () => host.loop()],
  ] : [];
  return [
    [[" ", "k"], "Space or k", "play and pause both", () => host.toggle()],
    [["ArrowRight"], "→", "one frame on", () => host.step(1)],
    [["ArrowLeft"], "←", "one frame back", () => host.step(-1)],
    [["."], ". (full stop)", "next phase", () => host.phase(1)],
    [[","], ", (comma)", "phase before", () => host.phase(-1)],
    ...pairs,
    [["-"], "−", "slower", () => host.faster(-1)],
    [["+", "="], "+", "faster", () => host.faster(1)],
    [["Home"], "Home", "catch", () => host.goTo(0)],
    [["End"], "End", "end of the stroke", () => host.goTo(100)],
    ...drawn(host).map(([id, words], i) => [[`${i + 1}`], `${i + 1}`, `${words} on and off`, () => host.layer(id)]),
    [["?"], "?", "this sheet", () => host.help()],
  ];
}
