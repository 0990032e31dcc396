"use strict";
// Loads the player's modules when a page with a player is shown, and only then.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.rowsense = {
  mount(id) {
    const place = document.getElementById("player");
    if (place) import("/assets/player/main.js").then((player) => player.mount(place));
    return window.dash_clientside.no_update;
  },
};
