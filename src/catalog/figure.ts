/** The lines that join the stars of a constellation. */
export interface ConstellationFigure {
  name: string;
  /** Degrees, J2000. */
  lines: readonly (readonly (readonly [ra_deg: number, dec_deg: number])[])[];
}
