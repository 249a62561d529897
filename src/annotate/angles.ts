/** `83.822` → `05h 35m 17s`; `step_deg` says how fine: nothing smaller than it is written. */
export function formatRa(ra_deg: number, step_deg: number): string {
  const seconds = 15 / 3600;
  if (step_deg >= 15) return sexagesimal(ra_deg / 15, ['h'], 24);
  if (step_deg >= 60 * seconds) return sexagesimal(ra_deg / 15, ['h', 'm'], 24);
  return sexagesimal(ra_deg / 15, ['h', 'm', 's'], 24);
}

/** `-5.391` → `−05° 23′ 28″`. */
export function formatDec(dec_deg: number, step_deg: number): string {
  const units = step_deg >= 1 ? ['°'] : step_deg >= 1 / 60 ? ['°', '′'] : ['°', '′', '″'];
  return (dec_deg < 0 ? '−' : '+') + sexagesimal(Math.abs(dec_deg), units);
}

/** Rounded in its last unit and carried over properly; each part after the first has two digits. */
function sexagesimal(value: number, units: readonly string[], wrap?: number): string {
  const parts = 60 ** (units.length - 1);
  let rest = Math.round(value * parts);
  if (wrap !== undefined) rest = ((rest % (wrap * parts)) + wrap * parts) % (wrap * parts);
  const numbers: number[] = [];
  for (let i = units.length - 1; i > 0; i--) {
    numbers.unshift(rest % 60);
    rest = Math.floor(rest / 60);
  }
  return [rest, ...numbers].map((part, i) => `${String(part).padStart(2, '0')}${units[i]}`).join(' ');
}

/** A length on the sky in the unit that suits it: `2.5°`, `15′`, `30″`. */
export function formatAngle(deg: number): string {
  const [value, unit] = deg >= 1 ? [deg, '°'] : deg >= 1 / 60 ? [deg * 60, '′'] : [deg * 3600, '″'];
  return `${value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))}${unit}`;
}
