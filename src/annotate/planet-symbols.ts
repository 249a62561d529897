/** A full circle as path data. */
const circle = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;

/** The usual symbols as lines around the origin, within 1 on each side, y downwards. */
const SYMBOLS: Readonly<Record<string, string>> = {
  Sun: `${circle(0, 0, 0.8)}${circle(0, 0, 0.08)}`,
  Moon: 'M0.25 -0.85A0.85 0.85 0 1 0 0.25 0.85A1.1 1.1 0 0 1 0.25 -0.85Z',
  Mercury: `${circle(0, -0.15, 0.4)}M-0.4 -1A0.4 0.45 0 0 0 0.4 -1M0 0.25V1M-0.35 0.65H0.35`,
  Venus: `${circle(0, -0.4, 0.5)}M0 0.1V1M-0.4 0.55H0.4`,
  Mars: `${circle(-0.2, 0.25, 0.6)}M0.25 -0.2L0.9 -0.85M0.45 -0.9H0.92V-0.4`,
  Jupiter: 'M-0.6 -0.7C0.1 -1.1 0.3 0 -0.7 0.45H0.8M0.45 -0.9V0.95',
  Saturn: 'M-0.3 -0.95V0.6M-0.65 -0.6H0.1M-0.3 -0.1C0.3 -0.6 0.9 -0.1 0.4 0.4C0.2 0.7 0.3 0.95 0.65 0.85',
  Uranus: `${circle(0, 0.65, 0.3)}M0 0.35V-0.9M-0.6 -0.9V0.05M0.6 -0.9V0.05M-0.6 -0.4H0.6`,
  Neptune: 'M-0.65 -0.9V-0.5A0.65 0.65 0 0 0 0.65 -0.5V-0.9M0 -0.9V1M-0.35 0.6H0.35',
  Pluto: 'M-0.4 0.95V-0.9H0.1A0.45 0.45 0 0 1 0.1 0.05H-0.4M-0.4 0.95H0.45',
};

/** The symbol of a body of the solar system, as path data; undefined for one that has none. */
export function solarSystemSymbol(name: string): string | undefined {
  return SYMBOLS[name];
}
