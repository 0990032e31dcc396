"use strict";
// Before anything is painted: the colours that were chosen on any page, else those of the system. Then the switch between them.
(() => {
  const KEY = "mantine-color-scheme-value"; // where the other pages keep it too
  const system = matchMedia("(prefers-color-scheme: dark)");
  let asked = "auto";
  try {
    asked = localStorage.getItem(KEY);
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
  const isDark = () => asked === "dark" || (asked !== "light" && system.matches);
  const show = () => {
    document.documentElement.dataset.mantineColorScheme = isDark() ? "dark" : "light";
    const button = document.getElementById("colour-scheme");
    if (button) button.textContent = isDark() ? "☾" : "☀";
  };
  show();
  system.addEventListener("change", show);
  addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    asked = event.newValue;
    show();
  });
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("colour-scheme");
    if (!button) return;
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      asked = isDark() ? "light" : "dark";
      try {
        localStorage.setItem(KEY, asked);
      } catch {
        // As above.
      }
      show();
    });
  });
})();
