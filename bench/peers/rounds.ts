import { median } from '../shared/median.js';
import type { Answer, Bounds, Peer, Question } from './peer.js';
import { isRight, type Photograph, type Reference } from './photographs.js';

/** The runs of one program on one photograph in one manner. */
export interface Runs {
  peer: string;
  count: number;
  solved: number;
  /** Solved, but not where the photograph lies. */
  wrong: number;
  /** Medians of the right answers; NaN without any. */
  wall_ms: number;
  cpu_ms: number;
}

export interface Case {
  photograph: Photograph;
  hinted: boolean;
  runs: Runs[];
}

export interface RoundOptions {
  rounds: number;
  timeout: number;
  /** The share by which the bounds of the scale leave the true one, up and down. */
  scaleMargin: number;
  /** Degrees around the true centre that are searched. */
  radius: number;
  /** Hears of programs that fail. */
  say(text: string): void;
}

/** The bounds that a hinted run is given. A radius around an object, instead of the centre, is widened to hold the centre. */
export function boundsOf(
  { ra, dec, scale, tolerance }: Reference,
  { scaleMargin, radius }: Pick<RoundOptions, 'scaleMargin' | 'radius'>,
): Bounds {
  const factor = 1 + scaleMargin;
  return { scale: [scale / factor, scale * factor], position: [ra, dec, Math.max(radius, tolerance)] };
}

/**
 * All programs in turn, then again, so that whatever else the machine does hits all of them; every other round in reverse. A program
 * that fails in its warm-up is not asked again: that run stands for all.
 */
export async function measure(
  peers: readonly Peer[],
  photograph: Photograph,
  hinted: boolean,
  options: RoundOptions,
): Promise<Case> {
  const { path, reference } = photograph;
  const { timeout, rounds, say } = options;
  const question: Question = { path, timeout, ...(hinted && { bounds: boundsOf(reference, options) }) };
  const answers = new Map<Peer, Answer[]>();
  const able: Peer[] = [];
  for (const peer of peers) {
    const first = await peer.warmUp(question);
    answers.set(peer, first.field ? [] : [first]);
    if (first.field) able.push(peer);
    else say(`  ${peer.name} does not solve it${first.problem ? `: ${first.problem}` : ''}`);
  }
  for (let round = 0; round < rounds; round++) {
    for (const peer of round % 2 === 0 ? able : able.toReversed())
      answers.get(peer)?.push(await peer.run(question));
  }
  const runs = peers.map((peer) => summarise(peer.name, answers.get(peer) ?? [], reference));
  return { photograph, hinted, runs };
}

function summarise(peer: string, answers: readonly Answer[], reference: Reference): Runs {
  const solved = answers.filter(({ field }) => field !== undefined);
  const right = solved.filter(({ field }) => field && isRight(field, reference));
  return {
    peer,
    count: answers.length,
    solved: solved.length,
    wrong: solved.length - right.length,
    wall_ms: median(right.map(({ wall_s }) => wall_s * 1000)),
    cpu_ms: median(right.map(({ cpu_s }) => cpu_s * 1000)),
  };
}
