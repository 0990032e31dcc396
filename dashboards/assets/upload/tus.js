// Sends one file by the protocol tus 1.0.0: asks where it goes on, sends a part, and asks again after whatever stopped it.

import { t } from "../server/texts.js";
import { token } from "../server/token.js";

const FIRST = 64 * 1024; // enough for the server to see that it is no film
const PART = 8 * 1024 * 1024;
// How long nothing may move before the line counts as dead, and how long the server may take over a part that it has.
const STALL_MS = 45_000;
const ANSWER_MS = 120_000;
const WAITS_S = [1, 2, 4, 8, 15, 30];
const FOR_GOOD = new Set([400, 404, 410, 413, 415, 429, 507]);

export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

const coded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

// One request. Uploads tell how far they are, which fetch cannot.
function ask(method, address, headers, { body = null, onProgress = null, signal = null } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of Object.entries({ "Tus-Resumable": "1.0.0", ...headers })) request.setRequestHeader(name, value);
    if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded);
    watch(request, () => reject(new TypeError(t("upload.stalled"))));
    request.onload = () => resolve(request);
    request.onerror = () => reject(new TypeError(t("upload.lost")));
    request.onabort = () => reject(new DOMException("paused", "AbortError"));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    if (signal?.aborted) reject(new DOMException("paused", "AbortError"));
    else request.send(body);
  });
}

// A line that is dead without saying so, as when a phone changes from one network to another, never ends by itself.
function watch(request, isDead) {
  let timer = 0;
  const within = (patience_ms) => {
    clearTimeout(timer);
    timer = setTimeout(() => (isDead(), request.abort()), patience_ms);
  };
  request.upload.addEventListener("progress", () => within(STALL_MS));
  request.upload.addEventListener("load", () => within(ANSWER_MS));
  request.addEventListener("loadend", () => clearTimeout(timer));
  within(STALL_MS);
}

function checked(request) {
  if (request.status >= 200 && request.status < 300) return request;
  const words = [401, 403].includes(request.status) ? t("upload.signed_out") : "";
  const said = (request.getResponseHeader("Content-Type") || "").startsWith("text/plain") ? request.responseText : "";
  throw new Refused(request.status, words || said || t("upload.answers", { status: request.status }));
}

export async function announce(file) {
  const filmed = file.lastModified ? new Date(file.lastModified) : new Date();
  const told = `filename ${coded(file.name)},filmed_on ${coded(localDay(filmed))}`;
  const request = checked(await ask("POST", "/uploads", { "X-CSRFToken": token(), "Upload-Length": String(file.size), "Upload-Metadata": told }));
  return new URL(request.getResponseHeader("Location"), location.href).pathname.split("/").pop();
}

export const localDay = (moment) => [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map((n) => String(n).padStart(2, "0")).join("-");

export class Sender {
  constructor(id, file, tell) {
    this.address = `/uploads/${id}`;
    this.file = file;
    this.tell = tell; // ({sent, waiting_s, words})
    this.stopper = null;
    this.wake = () => {};
    window.addEventListener("online", () => this.wake());
  }

  pause() {
    this.stopper?.abort();
    this.wake();
  }

  // Resolves when all of it is there; rejects with AbortError when paused, with Refused when it is of no use.
  async send() {
    this.stopper = new AbortController();
    const { signal } = this.stopper;
    for (let failures = 0; ; ) {
      try {
        let offset = await this.offset(signal);
        while (offset < this.file.size) {
          offset = await this.part(offset, signal);
          failures = 0;
        }
        return;
      } catch (error) {
        if (error.name === "AbortError" || (error instanceof Refused && (FOR_GOOD.has(error.status) || [401, 403].includes(error.status)))) throw error;
        const wait_s = WAITS_S[Math.min(failures++, WAITS_S.length - 1)];
        this.tell({ waiting_s: wait_s, words: error.message });
        await this.rest(wait_s);
        if (signal.aborted) throw new DOMException("paused", "AbortError");
      }
    }
  }

  async offset(signal) {
    const request = checked(await ask("HEAD", this.address, {}, { signal }));
    return Number(request.getResponseHeader("Upload-Offset"));
  }

  async part(offset, signal) {
    const end = Math.min(offset + (offset ? PART : FIRST), this.file.size);
    this.tell({ sent: offset });
    const request = await ask(
      "PATCH",
      this.address,
      { "X-CSRFToken": token(), "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
      { body: this.file.slice(offset, end), onProgress: (loaded) => this.tell({ sent: offset + loaded }), signal },
    );
    return Number(checked(request).getResponseHeader("Upload-Offset"));
  }

  rest(wait_s) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait_s * 1000);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
