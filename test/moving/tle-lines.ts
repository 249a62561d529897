/** Elements of a satellite that does not exist, to be written as two lines. */
export interface SatelliteElements {
  number: number;
  name: string;
  /** Year and day of it, from 1.0. */
  epoch: { year: number; day: number };
  inclination_deg: number;
  node_deg: number;
  eccentricity: number;
  perigee_deg: number;
  anomaly_deg: number;
  /** Turns a day. */
  motion: number;
}

function withChecksum(line: string): string {
  let sum = 0;
  for (const sign of line) sum += sign === '-' ? 1 : Number(sign) || 0;
  return `${line}${sum % 10}`;
}

/** Name and two lines, as catalogues of satellites have them. */
export function tleOf(satellite: SatelliteElements): [name: string, line1: string, line2: string] {
  const { number, name, epoch, inclination_deg, node_deg, eccentricity, perigee_deg, anomaly_deg, motion } =
    satellite;
  const id = String(number).padStart(5, '0');
  const day = epoch.day.toFixed(8).padStart(12, '0');
  const angle = (value: number) => value.toFixed(4).padStart(8);
  const e = Math.round(eccentricity * 1e7)
    .toString()
    .padStart(7, '0');
  const first = `1 ${id}U 20001A   ${String(epoch.year % 100).padStart(2, '0')}${day}  .00001000  00000-0  30000-4 0  999`;
  const second = `2 ${id} ${angle(inclination_deg)} ${angle(node_deg)} ${e} ${angle(perigee_deg)} ${angle(anomaly_deg)} ${motion.toFixed(8).padStart(11)}    1`;
  return [name, withChecksum(first), withChecksum(second)];
}
