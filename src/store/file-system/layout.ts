import { join } from 'node:path';

/**
 * The documented folder of a job, and beside all jobs one hidden folder of our own:
 *
 *     <dir>/<job_id>/{input/, output/, status.json, task.log}
 *     <dir>/.astro-jobs/
 *       revisions/<job_id>/<n>.json   the history of the job: whoever makes file n by link(2) has made change n
 *       queued/<order>                one empty file for each job that waits; its name says what its place depends on
 *       running/<job_id>              one empty file for each job that is being processed
 *       optics/<key>.json             what was last solved with one camera and its optics (`FileOpticsMemory`)
 *       keys/<key_id>.json           a key of a caller, without its secret; session-secret (`FileKeyStore`)
 *       scratch/                      half-made things, invisible until they are renamed
 */
export interface Layout {
  root: string;
  queued: string;
  running: string;
  revisions: string;
  optics: string;
  keys: string;
  scratch: string;
}

export function layoutOf(dir: string): Layout {
  const own = join(dir, '.astro-jobs');
  return {
    root: dir,
    queued: join(own, 'queued'),
    running: join(own, 'running'),
    revisions: join(own, 'revisions'),
    optics: join(own, 'optics'),
    keys: join(own, 'keys'),
    scratch: join(own, 'scratch'),
  };
}

export function jobPaths(layout: Layout, id: string) {
  const folder = join(layout.root, id);
  return {
    folder,
    input: join(folder, 'input'),
    output: join(folder, 'output'),
    status: join(folder, 'status.json'),
    log: join(folder, 'task.log'),
    result: join(folder, 'output', 'result.json'),
    history: join(layout.revisions, id),
  };
}
