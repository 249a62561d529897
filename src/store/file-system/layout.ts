import { join } from 'node:path';

/**
 * The documented folder of a job, and beside all jobs one hidden folder of our own:
 *
 *     <dir>/<job_id>/{input/, output/, status.json, task.log}
 *     <dir>/.astro-jobs/
 *       revisions/<job_id>/<n>.json   the history of the job: whoever makes file n by link(2) has made change n
 *       queued/<order>                one empty file for each job that waits; its name says what its place depends on
 *       running/<job_id>              one empty file for each job that is being processed
 *       index                         where each job stands in lists, read from the folders (`readIndex`)
 *       optics/<key>.json             what was last solved with one camera and its optics (`FileOpticsMemory`)
 *       keys/<key_id>.json           a key of a caller, without its secret; session-secret (`FileKeyStore`)
 *       workers/<process>.json        a process that takes jobs, and until when it is believed to (`FileWorkerList`)
 *       scratch/                      half-made things, invisible until they are renamed
 */
export interface Layout {
  root: string;
  queued: string;
  running: string;
  revisions: string;
  index: string;
  optics: string;
  keys: string;
  workers: string;
  scratch: string;
}

export function layoutOf(dir: string): Layout {
  const own = join(dir, '.astro-jobs');
  return {
    root: dir,
    queued: join(own, 'queued'),
    running: join(own, 'running'),
    revisions: join(own, 'revisions'),
    index: join(own, 'index'),
    optics: join(own, 'optics'),
    keys: join(own, 'keys'),
    workers: join(own, 'workers'),
    scratch: join(own, 'scratch'),
  };
}

/** The parts of a path are plain names: put together like this they take a tenth of the time of `join`. */
export function jobPaths(layout: Layout, id: string) {
  const folder = `${layout.root}/${id}`;
  return {
    folder,
    input: `${folder}/input`,
    output: `${folder}/output`,
    status: `${folder}/status.json`,
    log: `${folder}/task.log`,
    result: `${folder}/output/result.json`,
    history: `${layout.revisions}/${id}`,
  };
}
