import { PALETTE_NAMES, type PaletteName } from '../../annotate/palette.js';
import { skyMapSvg } from '../../annotate/sky-map.js';
import { findObject } from '../../catalog/find-object.js';
import type { SolvedField } from '../../index.js';
import { ARCMINUTE, formatDec, formatRa, MINUTE_OF_TIME } from '../../wcs/angles.js';
import { ownerFilter } from '../access.js';
import { tagOf, unlessKnown } from '../conditional.js';
import { HttpError } from '../errors.js';
import { json, UNTRUSTED_CSP } from '../responses.js';
import type { Call } from '../services.js';
import { numberOf } from './jobs.js';

const MAX_NAME = 80;
/** Fields on the map, the newest, and how many are read at a time. */
const [DRAWN, PAGE] = [2000, 500];

/** Where an object of the built-in catalogue is. */
export async function object(call: Call): Promise<Response> {
  const name = (call.url.searchParams.get('name') ?? '').trim();
  if (name === '' || name.length > MAX_NAME)
    throw new HttpError('invalid_params', `Expected \`name\` to have 1 to ${MAX_NAME} characters`);
  const found = await findObject(name);
  if (!found) throw new HttpError('not_found', `No object is called ${JSON.stringify(name)} here`);
  return json({ ok: true, ...found });
}

/** A page of what the solved jobs look at. */
export async function fields(call: Call): Promise<Response> {
  const limit = numberOf(call, 'limit', 100, 1000);
  const after = call.url.searchParams.get('after') ?? undefined;
  const page = await call.jobs.fields({ rateKey: ownerFilter(call.grant), limit, after });
  return json({ ok: true, ...page });
}

/** All of them on one map of the sky. */
export async function skyMap(call: Call): Promise<Response> {
  const palette = call.url.searchParams.get('palette') ?? 'standard';
  if (!isPalette(palette))
    throw new HttpError('invalid_params', `Expected \`palette\` to be one of ${PALETTE_NAMES.join(', ')}`);
  const width = Math.max(320, numberOf(call, 'width', 1600, 4096));
  const found = await newestFields(call);
  const etag = tagOf('sky', palette, String(width), JSON.stringify(found));
  return unlessKnown(call.request, { etag, 'cache-control': 'private, no-cache' }, () => {
    const marked = found.map((field) => ({
      ...field,
      title: titleOf(field),
      // Relative to the address of the map.
      link: { job_id: field.job_id, href: `../../#${field.job_id}` },
    }));
    return new Response(skyMapSvg(marked, { palette, width }), {
      headers: { 'content-type': 'image/svg+xml', 'content-security-policy': UNTRUSTED_CSP },
    });
  });
}

const isPalette = (name: string): name is PaletteName => (PALETTE_NAMES as readonly string[]).includes(name);

async function newestFields({ jobs, grant }: Call): Promise<SolvedField[]> {
  const found: SolvedField[] = [];
  let after: string | undefined;
  do {
    const page = await jobs.fields({ rateKey: ownerFilter(grant), limit: PAGE, after });
    found.push(...page.fields);
    after = page.next;
  } while (after !== undefined && found.length < DRAWN);
  return found;
}

/** `M 42, Orion Nebula – 05h 35m −05° 23′ – orion.jpg` */
function titleOf({ filename, subject, ra_center, dec_center }: SolvedField): string {
  const name = [subject?.name, subject?.common_name].filter((part) => part !== undefined).join(', ');
  const place = `${formatRa(ra_center, MINUTE_OF_TIME)} ${formatDec(dec_center, ARCMINUTE)}`;
  return [name, place, filename].filter((part) => part !== undefined && part !== '').join(' – ');
}
