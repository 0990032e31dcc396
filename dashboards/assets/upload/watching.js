// A film in its card while its analysis waits or runs: the browser's own player, and how far the analysis is.

import { el } from "../player/dom.js";
import { t } from "../server/texts.js";

export class Watching {
  // changed: called when it is opened or closed.
  constructor(name, changed) {
    this.name = name;
    this.changed = changed;
    this.address = ""; // where the film is now
    this.open = false;
    this.video = null;
    this.words = el("figcaption", { class: "soft" });
    this.node = el("figure", { class: "watched", hidden: true }, this.words);
  }

  // The best film there is now, empty for none any more: what is being watched plays on. words: how far the analysis is.
  hears(address, words) {
    if (address) this.address = address;
    this.said = words;
    // Another film than the one that the browser could not play.
    if (this.failed && address && address !== this.failed) this.load();
    this.caption();
  }

  turn() {
    this.open = !this.open;
    this.node.hidden = !this.open;
    if (this.open) this.load();
    else {
      this.unload();
      this.words.textContent = "";
    }
    this.changed();
  }

  load() {
    this.unload();
    const { address } = this;
    this.video = el("video", { controls: true, playsInline: true, muted: true, preload: "metadata", src: address, "aria-label": t("upload.watch.film", { name: this.name }) });
    this.video.addEventListener("error", () => {
      this.failed = address;
      this.caption();
    });
    this.node.prepend(this.video);
    this.video.play().catch(() => {}); // where the browser lets nothing begin by itself, one presses play
    this.caption();
  }

  // Without its address the browser stops loading.
  unload() {
    this.failed = "";
    if (!this.video) return;
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
    this.video.remove();
    this.video = null;
  }

  caption() {
    const words = this.failed ? t(this.failed.endsWith("/original") ? "upload.watch.cannot_play" : "upload.watch.gone") : t("upload.watch.going", { words: this.said ?? "" });
    if (this.open && this.words.textContent !== words) this.words.textContent = words;
  }
}
