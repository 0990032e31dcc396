// The keys of the comparison: what they do, and what the sheet says about them.

import { drawn } from "./bar.js";
import { t } from "../server/texts.js";

export function keyTable(host) {
  const pairs = host.pairs > 1 ? [
    [["Shift+ArrowRight", "ArrowDown"], t("player.key_name.right"), t("compare.stroke_on"), () => host.pair(1)],
    [["Shift+ArrowLeft", "ArrowUp"], t("player.key_name.left"), t("compare.stroke_back"), () => host.pair(-1)],
    [["l"], "l", t("compare.key.loop"), () => host.loop()],
  ] : [];
  return [
    [[" ", "k"], t("player.key_name.space"), t("compare.key.play"), () => host.toggle()],
    [["ArrowRight"], "→", t("player.frame_on"), () => host.step(1)],
    [["ArrowLeft"], "←", t("player.frame_back"), () => host.step(-1)],
    [["."], t("player.key_name.stop"), t("compare.next_phase"), () => host.phase(1)],
    [[","], t("player.key_name.comma"), t("compare.phase_before"), () => host.phase(-1)],
    ...pairs,
    [["-"], "−", t("player.key.slower"), () => host.faster(-1)],
    [["+", "="], "+", t("player.key.faster"), () => host.faster(1)],
    [["Home"], t("player.key_name.home"), t("compare.key.catch"), () => host.goTo(0)],
    [["End"], t("player.key_name.end"), t("compare.key.end"), () => host.goTo(100)],
    ...drawn(host).map(([id, words], i) => [[`${i + 1}`], `${i + 1}`, t("player.key.layer", { layer: words }), () => host.layer(id)]),
    [["?"], "?", t("player.key.sheet"), () => host.help()],
  ];
}
