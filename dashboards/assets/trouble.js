"use strict";
// Pages ask for their content and Dash says nothing where none comes; here it is said, with what to do next.
(() => {
  const ASKED = ["/_dash-update-component", "/_dash-layout", "/_dash-dependencies"];
  const LOOK_MS = 4000;
  const LEAVES_MS = 5000;
  // A line that is dead without saying so never ends by itself.
  const PATIENCE_MS = 20_000;
  const plain = window.fetch.bind(window);
  let leaves = false;
  let timer = 0;

  const texts = () => JSON.parse(document.getElementById("texts").textContent).texts;
  const isAsked = (input) => ASKED.includes(new URL(input.url ?? input, location.href).pathname);
  // A web server before ours says by these that ours does not answer.
  const isAway = (status) => [502, 503, 504].includes(status);
  const kindOf = (status) => (isAway(status) ? "unreached" : status === 401 ? "signed_out" : status < 500 ? "changed" : "broken");

  // What is asked for is stopped when a page is left; nobody has to be told of that.
  addEventListener("beforeunload", () => {
    leaves = true;
    setTimeout(() => { leaves = false; }, LEAVES_MS);
  });

  window.fetch = async (input, options) => {
    if (!isAsked(input)) return plain(input, options);
    let answer;
    try {
      answer = await plain(input, options);
    } catch (error) {
      if (!leaves) say("unreached");
      throw error;
    }
    if (answer.ok) unsay();
    else say(kindOf(answer.status));
    return answer;
  };

  // Without a layout there is no head of the page either.
  const hidden = () => document.getElementById("content") ?? document.getElementById("react-entry-point");

  function element(name, words, named = {}) {
    const made = Object.assign(document.createElement(name), named);
    made.textContent = words;
    return made;
  }

  function say(kind) {
    unsay();
    const t = texts();
    const said = document.createElement("div");
    said.setAttribute("role", "alert");
    said.append(element("h1", t[`shell.trouble.${kind}`]), element("p", t[`shell.trouble.${kind}_why`], { className: "lead" }));
    const next = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    const act = kind === "signed_out"
      ? element("a", t["shell.trouble.sign_in"], { href: next, className: "tool" })
      : element("button", t["shell.trouble.again"], { type: "button", className: "tool", onclick: () => again(kind) });
    const place = element("main", "", { id: "trouble", className: "page" });
    place.append(said, act);
    hidden().hidden = true;
    document.body.append(place);
    act.focus({ preventScroll: true });
    if (kind === "unreached") watch();
  }

  function unsay() {
    clearTimeout(timer);
    timer = 0;
    document.getElementById("trouble")?.remove();
    hidden().hidden = false;
  }

  // The browser's own page for a server that is not there has no way back: this one stays until it is there again.
  async function again(kind) {
    if (kind !== "unreached" || await isThere()) location.reload();
    else document.querySelector("#trouble .lead").textContent = texts()["shell.trouble.still"];
  }

  addEventListener("online", () => timer && again("unreached"));

  const isThere = () => plain(location.href, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE_MS) }).then((answer) => !isAway(answer.status), () => false);

  function watch() {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (!document.hidden && await isThere()) location.reload();
      else watch();
    }, LOOK_MS);
  }
})();
