// The posture scale of every RowSense picture (rowsense/palette.py), and how it lies on the back line.

export function positionOn(value, middle, fullColour_deg, warmIsPositive) {
  if (!Number.isFinite(value) || !Number.isFinite(middle)) return NaN;
  const away = (value - middle) / fullColour_deg;
  return Math.max(-1, Math.min(1, warmIsPositive ? away : -away));
}

export function postureColour(position, look) {
  if (Number.isNaN(position)) return look.unseen;
  const at = Math.max(-1, Math.min(1, position));
  const above = look.stops.findIndex(([stop]) => at <= stop);
  const [high, b] = look.stops[above];
  const [low, a] = look.stops[Math.max(0, above - 1)];
  const share = high > low ? (at - low) / (high - low) : 0;
  return `rgb(${a.map((x, i) => Math.round(x + (b[i] - x) * share)).join(",")})`;
}

// One colour per point of the back line from seat to neck: tilt below, lumbar flexion above it, then fading out.
export function backColours(tilt, flexion, count, look) {
  const [tiltEnd, lumbarStart, lumbarEnd, faded] = look.shares;
  const clip = (x) => Math.max(0, Math.min(1, x));
  return Array.from({ length: count }, (_, i) => {
    const along = i / (count - 1);
    const share = clip((along - tiltEnd) / (lumbarStart - tiltEnd));
    const kept = 1 - clip((along - lumbarEnd) / (faded - lumbarEnd));
    const here = share <= 0 ? tilt : share >= 1 ? flexion : tilt + (flexion - tilt) * share;
    return postureColour(here * kept, look);
  });
}

export const signed = (value) => {
  const whole = Math.round(value);
  return whole === 0 ? "0°" : `${whole > 0 ? "+" : "−"}${Math.abs(whole)}°`;
};
