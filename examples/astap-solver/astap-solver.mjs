// A Solver around ASTAP's command line: `astap_cli -f FILE -r DEGREES [-ra HOURS -spd DEGREES] [-fov DEGREES] -o BASE -wcs`.
// It leaves BASE.ini (KEY=value) and, when it has solved the image, BASE.wcs.
import { spawn } from 'node:child_process';
import { access, readFile, symlink } from 'node:fs/promises';
import { extname, join } from 'node:path';

const ARCSEC = 3600;

/** What the caller and the metadata say of the field, as ASTAP wants to hear it. */
export function astapArguments({ image, params, hints }, file, base) {
  const args = ['-f', file, '-o', base, '-wcs'];
  const [hint] = params.use_metadata ? hints.positions : [];
  const ra = params.ra ?? hint?.ra_deg;
  const dec = params.dec ?? hint?.dec_deg;
  // South pole distance instead of declination, so that no argument begins with a minus.
  if (ra !== undefined && dec !== undefined) args.push('-ra', String(ra / 15), '-spd', String(dec + 90));
  args.push('-r', String(params.radius ?? hint?.radius_deg ?? 180));
  const height = heightDeg(image, params, hints);
  if (height !== undefined) args.push('-fov', String(height));
  return args;
}

/** Height of the image in degrees, from the middle of what is known of its scale; undefined when nothing is. */
function heightDeg(image, params, hints) {
  const perPixel = { degwidth: ARCSEC / image.width, arcminwidth: 60 / image.width, arcsecperpix: 1 }[
    params.scale_units
  ];
  const given = [params.scale_low, params.scale_high].filter(
    (value) => value !== null && perPixel !== undefined,
  );
  const [hint] = params.use_metadata ? hints.scales : [];
  const scales =
    given.length > 0
      ? given.map((value) => value * perPixel)
      : hint
        ? [hint.low_arcsec_per_pixel, hint.high_arcsec_per_pixel]
        : [];
  if (scales.length === 0) return undefined;
  return (scales.reduce((sum, scale) => sum + scale, 0) / scales.length / ARCSEC) * image.height;
}

export function parseIni(text) {
  return Object.fromEntries(
    text.split(/\r?\n/).flatMap((line) => {
      const [, key, value] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
      return key ? [[key, value.trim()]] : [];
    }),
  );
}

/** Runs the program in a process group of its own, so that all of it ends with the signal. */
function run(program, args, cwd, { signal, log }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(program, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    };
    signal.addEventListener('abort', end, { once: true });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', log);
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason);
      else resolve(code);
    });
  });
}

/** @implements {import('astro-jobs').Solver} */
export class AstapSolver {
  name = 'astap';

  /** @param program path of `astap_cli`, or of a program that speaks like it */
  constructor({ program }) {
    this.program = program;
  }

  async inspect() {
    const { name, program: path } = this;
    const available = await access(path).then(
      () => true,
      () => false,
    );
    // Which fields it can find depends on its star database, of which it does not tell.
    return { name, available, path, ...(!available && { problem: `There is no ASTAP at ${path}` }) };
  }

  async solve(request, context) {
    const started = performance.now();
    const { image } = request;
    context.signal.throwIfAborted();
    context.onProgress({ stage: 'solving' });
    // A path without characters that a program could take for something else.
    const file = join(context.scratch, `image${extname(image.path).replace(/[^.\w]/g, '')}`);
    await symlink(image.path, file);
    const base = join(context.scratch, 'solution');
    const args = astapArguments(request, file, base);
    const code = await run(this.program, args, context.scratch, context);
    const report = {
      solver: this.name,
      seconds: (performance.now() - started) / 1000,
      command: [this.program, ...args],
    };
    const ini = parseIni(await readFile(`${base}.ini`, 'utf8').catch(() => ''));
    if (ini.PLTSOLVD !== 'T') {
      const message = ini.ERROR ?? `ASTAP found no solution (exit status ${code})`;
      return {
        solved: false,
        code: ini.PLTSOLVD === 'F' ? 'no_solution' : 'solver_crashed',
        message,
        report,
        files: {},
      };
    }
    const number = (key) => Number(ini[key]);
    const wcs = {
      crval: [number('CRVAL1'), number('CRVAL2')],
      crpix: [number('CRPIX1'), number('CRPIX2')],
      cd: [
        [number('CD1_1'), number('CD1_2')],
        [number('CD2_1'), number('CD2_2')],
      ],
      width: image.width,
      height: image.height,
    };
    return {
      solved: true,
      wcs,
      // ASTAP does not tell how many stars it found and matched.
      sources: { detected: 0, matched: 0 },
      quality: {},
      report,
      files: { 'solution.wcs': `${base}.wcs` },
    };
  }
}
