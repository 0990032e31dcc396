"use strict";
// Loads the modules of the player or of the comparison when a page with one is shown, and only then.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.rowsense = {
  mount(id) {
    const place = document.getElementById(id);
    if (place) import(`/assets/${id}/main.js`).then((page) => page.mount(place));
    return window.dash_clientside.no_update;
  },
};
