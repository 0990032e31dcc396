"use strict";
// Shows what is sent as HTML, charts and filters, and keeps its links and forms inside the app.
(() => {
  let kept = "";
  let holding = 0;

  // What is written anew keeps its place on the screen; a browser would follow something of the old page that it knows.
  function hold(most_ms) {
    clearTimeout(holding);
    document.documentElement.style.overflowAnchor = "none";
    holding = setTimeout(() => { document.documentElement.style.overflowAnchor = ""; }, most_ms);
  }

  function go(address) {
    const other = new URL(address, location.href);
    const elsewhere = other.pathname !== location.pathname;
    if (!elsewhere) hold(10000);
    history.pushState({}, "", other.pathname + other.search);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    if (elsewhere) window.scrollTo(0, 0);
  }

  function follow(event) {
    const link = event.target.closest("a[href]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link.getAttribute("href"));
  }

  // What is empty is left out, so that an address says only what was chosen; of weeks and days the later word counts.
  function submit(form, without) {
    const chosen = [...new FormData(form)].filter(([name, value]) => value !== "" && !without.includes(name));
    go(`${location.pathname}?${new URLSearchParams(chosen)}`);
  }

  function submitted(event) {
    event.preventDefault();
    kept = document.activeElement?.name || "";
    const days = ["from", "to"].some((name) => event.target.elements[name]?.value);
    submit(event.target, days ? ["weeks"] : []);
  }

  // A date is typed figure by figure and waits for the button.
  function changed(event) {
    if (!event.target.form || !event.target.matches("select, input[type=checkbox]")) return;
    kept = event.target.name;
    submit(event.target.form, kept === "weeks" ? ["from", "to"] : []);
  }

  function Html({ id, markup, className }) {
    const place = React.useRef(null);
    // What is written anew takes the focus with it; where it was until now is known here, before that.
    const focused = place.current?.contains(document.activeElement) ? document.activeElement.name : "";
    // With the markup itself, not after it was painted: a choice that is made at once is heard.
    React.useLayoutEffect(() => {
      const element = place.current;
      element.addEventListener("click", follow);
      element.addEventListener("submit", submitted);
      element.addEventListener("change", changed);
    }, []);
    React.useLayoutEffect(() => {
      if (document.documentElement.style.overflowAnchor) hold(500);
      const name = focused || kept;
      const again = name && place.current.querySelector(`[name="${CSS.escape(name)}"]`);
      if (!again) return;
      kept = "";
      again.focus();
    }, [markup]);
    return React.createElement("div", { ref: place, id, className, dangerouslySetInnerHTML: { __html: markup } });
  }

  window.rowsense_parts = { Html };
})();
