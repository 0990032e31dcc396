"use strict";
// Unpacks the chart library that travels inside this page, draws the charts, and follows the colour scheme.
(async () => {
  const setup = JSON.parse(document.getElementById("chart-data").textContent);
  const packed = document.getElementById("chart-library").textContent.trim();
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const boxes = Object.keys(setup.charts).map((id) => document.getElementById(id)).filter(Boolean);

  try {
    const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
  } catch (error) {
    boxes.forEach((box) => { box.textContent = "This browser is too old for the chart; the numbers are in the table below."; });
    return;
  }

  const scheme = () => setup.schemes[dark.matches ? "dark" : "light"];
  for (const box of boxes) {
    const chart = setup.charts[box.id];
    await Plotly.newPlot(box, chart.data, chart.layout, setup.config);
    await Plotly.relayout(box, scheme());
    box.classList.add("drawn");
  }
  const recolour = (colours) => boxes.forEach((box) => Plotly.relayout(box, colours));
  dark.addEventListener("change", () => recolour(scheme()));
  const sheet = Number(getComputedStyle(document.documentElement).getPropertyValue("--print-chart-px"));
  const printed = sheet ? { autosize: false, width: sheet } : {};
  const shown = sheet ? { autosize: true, width: null } : {};
  window.addEventListener("beforeprint", () => recolour({ ...setup.schemes.print, ...printed }));
  window.addEventListener("afterprint", () => recolour({ ...scheme(), ...shown }));
  document.documentElement.dataset.charts = "drawn";
})();
