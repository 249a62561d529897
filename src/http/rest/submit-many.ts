import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type SubmitOutcome, toAstroJobsError } from '../../index.js';
import { makeScratch } from '../../process/scratch.js';
import { inTurn, MAX_BATCH_IMAGES, optionsOf, type Submission } from '../accept.js';
import { requestBytes } from '../body.js';
import { describeFailure, HttpError } from '../errors.js';
import { assertRepeated, keyedImage } from '../idempotency.js';
import type { Budget } from '../limits.js';
import { boundaryOf, multipartParts, type Part } from '../multipart.js';
import { json, publicStatus } from '../responses.js';
import type { Call } from '../services.js';
import { addField, described } from './submit.js';

/** An image that has come, and what is to become of it. */
interface Received extends Omit<Submission, 'image'> {
  /** On this machine. */
  path: string;
}

/**
 * `POST /api/v1/jobs/batch`: many images in one form, each field before the images that it is about. No job is made before the whole form is here,
 * then all in rounds to the store; answered when they are durable, with what became of each.
 */
export async function submitMany(call: Call): Promise<Response> {
  const jobs = await inTurn(call, () => receiveMany(call));
  return json({ ok: true, jobs }, 202);
}

async function receiveMany(call: Call): Promise<Record<string, unknown>[]> {
  const boundary = boundaryOf(call.request.headers.get('content-type'));
  if (boundary === undefined)
    throw new HttpError('unsupported_media_type', 'Send the images as files of one multipart/form-data form');
  await using scratch = await makeScratch();
  const received = await receive(call, boundary, scratch.path);
  if (received.length === 0)
    throw new HttpError('no_image', 'The form has no image: send each as a file in the field `image`');
  const targets = received.map(({ webhook }) => call.webhooks.targets(webhook, call.grant.key?.id));
  const outcomes = await call.jobs.submitMany(
    received.map((image) => ({ image: image.path, params: image.params, ...optionsOf(call, image) })),
  );
  const answers: Record<string, unknown>[] = [];
  for (const [index, image] of received.entries()) {
    try {
      const status = await acknowledged(call, image, outcomes[index]);
      await call.webhooks.register(status.job_id, targets[index] ?? []);
      answers.push({ ok: true, ...publicStatus(status) });
    } catch (error) {
      const { status, code, message } = describeFailure(error);
      if (status >= 500) call.logger.error({ err: error }, 'An image of a form could not be taken');
      answers.push({ ok: false, filename: image.filename, error: message, error_code: code });
    }
  }
  return answers;
}

/** @throws what the image was refused for; HttpError 422 where its key was used for another one */
async function acknowledged(call: Call, image: Received, outcome: SubmitOutcome | undefined) {
  if (!outcome?.status) throw outcome?.error;
  const { status } = outcome;
  if (image.idempotencyKey === undefined) return status;
  const asked = call.jobs.requestHash(image.params, optionsOf(call, image));
  await assertRepeated(call, status, asked, keyedImage(createReadStream(image.path)));
  return status;
}

/** All images of the form, as files in a folder. Each counts as a submit. */
async function receive(call: Call, boundary: string, folder: string): Promise<Received[]> {
  const received: Received[] = [];
  const fields = new Map(call.url.searchParams);
  let budget: Budget | undefined;
  const take = () => {
    call.submits.take(call.grant.caller, (left) => {
      budget = left;
    });
  };
  try {
    for await (const part of multipartParts(requestBytes(call.request, call.limits), boundary)) {
      if (part.filename === undefined) {
        await addField(fields, part);
        continue;
      }
      if (received.length === MAX_BATCH_IMAGES)
        throw new HttpError('too_large', `At most ${MAX_BATCH_IMAGES} images are taken in one form`);
      take();
      const { idempotencyKey, ...about } = described(call, new Map(fields), part.filename);
      const path = join(folder, String(received.length));
      await keep(part, path);
      const key =
        idempotencyKey === undefined ? {} : { idempotencyKey: `${idempotencyKey}/${received.length}` };
      received.push({ ...about, ...key, path });
    }
  } finally {
    if (budget) call.budgets.push(budget);
  }
  return received;
}

/** @throws AstroJobsError `storage_full`, `storage_failed`; what is wrong with the request */
async function keep(part: Part, path: string): Promise<void> {
  try {
    await pipeline(part.body, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    throw error instanceof HttpError ? error : toAstroJobsError(error, 'receiving the images');
  }
}
