const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** Splits a non-negative number into whole units, sixtieths and sixtieths of these, rounded at the last. */
function sexagesimal(value: number, decimals: number): [number, number, string] {
  const scale = 10 ** decimals;
  const total = Math.round(value * 3600 * scale);
  const whole = Math.floor(total / (3600 * scale));
  const minutes = Math.floor(total / (60 * scale)) % 60;
  const seconds = (total % (60 * scale)) / scale;
  return [whole, minutes, seconds.toFixed(decimals).padStart(decimals > 0 ? decimals + 3 : 2, '0')];
}

/** Right ascension as `05h 35m 17.3s`. */
export function formatRa(ra_deg: number, decimals = 1): string {
  const [hours, minutes, seconds] = sexagesimal((((ra_deg % 360) + 360) % 360) / 15, decimals);
  return `${pad(hours % 24)}h ${pad(minutes)}m ${seconds}s`;
}

/** Declination as `−05° 23′ 28″`. */
export function formatDec(dec_deg: number, decimals = 0): string {
  const [degrees, minutes, seconds] = sexagesimal(Math.abs(dec_deg), decimals);
  return `${dec_deg < 0 ? '−' : '+'}${pad(degrees)}° ${pad(minutes)}′ ${seconds}″`;
}

/** An angle in the unit that suits it. */
export function formatAngle(degrees: number): string {
  if (Math.abs(degrees) >= 1) return `${trim(degrees, 2)}°`;
  if (Math.abs(degrees) >= 1 / 60) return `${trim(degrees * 60, 1)}′`;
  return `${trim(degrees * 3600, 1)}″`;
}

export function trim(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals))).replace('-', '−');
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} kB`;
  return `${trim(bytes / 1024 ** 2, 1)} MB`;
}

export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${pad(Math.round(seconds % 60))} s`;
}

export function formatWhen(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  const today = new Date().toDateString() === date.toDateString();
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return today ? time : `${date.toLocaleDateString([], { day: 'numeric', month: 'short' })}, ${time}`;
}
