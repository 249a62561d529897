import type { ObjectKind } from '../catalog/kinds.js';

/** Pale tints of four hues: told apart at a glance, and none of them louder than the photograph. */
export const KIND_COLORS: Readonly<Record<ObjectKind, string>> = {
  star: '#f6e7c1',
  galaxy: '#a8d0ff',
  cluster: '#ffd98a',
  nebula: '#ffb3a1',
  'dark-nebula': '#c6b9e8',
  'solar-system': '#ffffff',
  other: '#b8e6c8',
};

export const GRID_COLOR = '#8fb4d0';
export const INK = '#eef2f7';
export const QUIET_INK = '#9aa7b8';
export const STRIP = '#0b0f15';

/** The dark rim around text and lines; `em` is its width, both sides together, in parts of the type size. */
export const HALO = { color: '#05080c', opacity: 0.72, em: 0.26 } as const;
