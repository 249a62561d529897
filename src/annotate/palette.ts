import type { ObjectKind } from '../catalog/kinds.js';

/** The colours of a drawing, of files and page alike. */
export interface Palette {
  kinds: Readonly<Record<ObjectKind, string>>;
  grid: string;
  constellations: string;
  ink: string;
  quietInk: string;
  strip: string;
}

/** Names of the palettes: the colours of the drawing. */
export const PALETTE_NAMES = ['standard', 'color-blind'] as const;
/** The colours of the drawing: a name of `PALETTE_NAMES`. */
export type PaletteName = (typeof PALETTE_NAMES)[number];

const STANDARD: Palette = {
  // Pale tints: told apart at a glance, and none of them louder than the photograph.
  kinds: {
    star: '#f6e7c1',
    galaxy: '#a8d0ff',
    cluster: '#ffd98a',
    nebula: '#ffb3a1',
    'dark-nebula': '#c6b9e8',
    'solar-system': '#ffffff',
    asteroid: '#8ff0a4',
    comet: '#7fe3e0',
    satellite: '#ff9ec7',
    other: '#b8e6c8',
  },
  grid: '#8fb4d0',
  constellations: '#7f9cc9',
  ink: '#eef2f7',
  quietInk: '#9aa7b8',
  strip: '#0b0f15',
};

export const PALETTES: Readonly<Record<PaletteName, Palette>> = {
  standard: STANDARD,
  // Tints of the colours of Okabe and Ito (2008), which differ in blue and in lightness, not in red and green alone.
  'color-blind': {
    ...STANDARD,
    kinds: {
      star: '#ffffff',
      galaxy: '#56b4e9',
      cluster: '#f0e442',
      nebula: '#e69f00',
      'dark-nebula': '#cc9ec4',
      'solar-system': '#ffffff',
      asteroid: '#f0e442',
      comet: '#56b4e9',
      satellite: '#e69f00',
      other: '#b5b5b5',
    },
  },
};

/** The dark rim around text and lines; `em` is its width, both sides together, in parts of the type size. */
export const HALO = { color: '#05080c', opacity: 0.72, em: 0.26 } as const;
