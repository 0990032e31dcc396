// Making elements, and asking the page for its colours and typeface.

export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && !name.startsWith("aria")) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export function pageColours() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return { ink: colour("ink"), soft: colour("soft"), line: colour("line"), card: colour("card"), brand: colour("brand"), fault: colour("fault"), font: colour("font") };
}

// Calls back when the reader switches between light and dark, and for paper, which is always light.
export function onScheme(redraw) {
  const watcher = new MutationObserver(redraw), paper = window.matchMedia("print"), again = () => redraw();
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-mantine-color-scheme"] });
  paper.addEventListener("change", again);
  return () => {
    watcher.disconnect();
    paper.removeEventListener("change", again);
  };
}

// How wide something is to be drawn, CSS pixels: as wide as it is on the screen; on paper as wide as words of the usual size
// ask for, and the sheet makes it fit.
export const drawnWidth = (node, paper_px) => (window.matchMedia("print").matches ? paper_px : node.clientWidth);

// A canvas as sharp as the screen; returns its 2D context in CSS pixels.
export function sized(canvas, width, height) {
  const sharp = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * sharp));
  canvas.height = Math.max(1, Math.round(height * sharp));
  const context = canvas.getContext("2d");
  context.setTransform(sharp, 0, 0, sharp, 0, 0);
  return context;
}

export const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
