export type NeedName =
  | 'solve-field'
  | 'index files'
  | 'plot-constellations'
  | 'astropy'
  | 'ephem'
  | 'sgp4'
  | 'prometheus'
  | 'astroquery'
  | 'regions'
  | 'pyavm'
  | 'fastkml'
  | 'exiftool'
  | 'postgres'
  | 'redis'
  | 'ps'
  | 'chromium'
  | 'bash'
  | 'zsh'
  | 'fish'
  | 'systemd-analyze'
  | 'small disk';

export interface Need {
  what: string;
  /** Debian's, where there is one. */
  package?: string;
  /** How to have it on other systems. */
  elsewhere: string;
  present(): boolean;
}

export const NEEDS: Readonly<Record<NeedName, Need>>;
export function pythonWith(module: string): string | undefined;
export function findChromium(): string | undefined;
