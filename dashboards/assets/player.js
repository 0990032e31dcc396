"use strict";
// Loads the modules of the player or of the comparison when a page with one is shown, and only then.
window.dash_clientside = window.dash_clientside || {};

function unloaded(place) {
  const { texts } = JSON.parse(document.getElementById("texts").textContent);
  const words = document.createElement("p");
  words.setAttribute("role", "alert");
  words.textContent = texts["server.part_missing"];
  place.replaceChildren(words);
  place.dataset.state = "failed";
}

window.dash_clientside.rowsense = {
  mount(id) {
    const place = document.getElementById(id);
    if (place) import(`/assets/${id}/main.js`).then((page) => page.mount(place), () => unloaded(place));
    return window.dash_clientside.no_update;
  },
};
