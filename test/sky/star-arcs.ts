import { addStar, type Canvas } from './canvas.js';
import type { Random } from './random.js';

const STARS = 150;
const PSF = [{ fwhm_px: 2.5, share: 1 }];

/** What a camera on a tripod sees in an hour or more: stars drawn out about the pole, which is in the picture. */
export function addArcs(canvas: Canvas, random: Random, arc_deg: number): void {
  const [x, y] = [canvas.width / 3, canvas.height / 2];
  for (let star = 0; star < STARS; star++) {
    const radius = 30 + 0.7 * canvas.width * random.uniform();
    const begin = 2 * Math.PI * random.uniform();
    const flux = 0.2 + 1.8 * random.uniform() ** 2;
    const steps = Math.ceil((radius * arc_deg * Math.PI) / 180) + 1;
    for (let i = 0; i < steps; i++) {
      const angle = begin + ((arc_deg * Math.PI) / 180) * (i / steps);
      addStar(canvas, [x + radius * Math.cos(angle), y + radius * Math.sin(angle)], flux, PSF, 0.0005);
    }
  }
}
