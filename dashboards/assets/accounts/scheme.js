"use strict";
// Before anything is painted: the colours that were chosen on the other pages, else those of the system.
(() => {
  const asked = localStorage.getItem("mantine-color-scheme-value");
  const dark = asked === "dark" || (asked !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.mantineColorScheme = dark ? "dark" : "light";
})();
