// What the tests of scripts are written with. A test is an exported function; it fails by throwing.

export function same(found, expected, where = "") {
  const [is, should] = [found, expected].map((value) => JSON.stringify(value, plain));
  if (is !== should) throw new Error(`${where} ${is} is not ${should}`.trim());
}

export function near(found, expected, by = 1e-6, where = "") {
  if (!(Math.abs(found - expected) <= by)) throw new Error(`${where} ${found} is not ${expected}`.trim());
}

// What a promise or a function is refused with.
export async function refusal(act) {
  try {
    await (typeof act === "function" ? act() : act);
  } catch (error) {
    return error;
  }
  throw new Error("nothing was refused");
}

// Red, green, blue, opacity of one place of a canvas.
export const pixel = (context, x, y) => [...context.getImageData(x, y, 1, 1).data];

export function drawing(width = 200, height = 200) {
  return Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { willReadFrequently: true });
}

// JSON knows neither NaN nor undefined.
const plain = (_, value) => (Number.isNaN(value) ? "NaN" : value === undefined ? "undefined" : value);

// All tests of a module of tests; the name of each that failed, with why.
export async function run(name) {
  const tests = Object.entries(await import(`./${name}.js`)).filter(([, test]) => typeof test === "function");
  const failed = {};
  for (const [title, test] of tests) {
    try {
      await test();
    } catch (error) {
      failed[title] = `${error.message}\n${error.stack}`;
    }
  }
  return { count: tests.length, failed };
}
