import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makePath } from '../process/folders.js';

const deliverySchema = z.object({
  /** `webhook-id`. */
  id: z.string().regex(/^msg_[0-9a-f]{32}$/),
  job_id: z.string(),
  url: z.string(),
  trusted: z.boolean(),
  /** Of the key whose submit named the URL: it is signed with that key's own secret. */
  key_id: z.string().optional(),
});
export type PendingDelivery = z.output<typeof deliverySchema>;

/** Deliveries not yet made: one small file each, or, without a folder, only a memory of this process. */
export function createWebhookDir(dir: string | undefined) {
  const known = new Set<string>();
  const pathOf = (folder: string, id: string) => join(folder, `${id}.json`);
  return {
    /** `false` when it is already being carried. Durable when it resolves. */
    async add(delivery: PendingDelivery): Promise<boolean> {
      if (known.has(delivery.id)) return false;
      known.add(delivery.id);
      if (dir === undefined) return true;
      await makePath(dir, 0o700);
      const temporary = join(dir, `.${delivery.id}.${process.pid}`);
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(delivery));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, pathOf(dir, delivery.id));
      const folder = await open(dir);
      await folder.sync().finally(() => folder.close());
      return true;
    },
    async remove(id: string): Promise<void> {
      known.delete(id);
      if (dir !== undefined) await rm(pathOf(dir, id), { force: true });
    },
    /** What an earlier process has left. */
    async all(): Promise<PendingDelivery[]> {
      if (dir === undefined) return [];
      const names = await readdir(dir).catch(() => []);
      const deliveries: PendingDelivery[] = [];
      for (const name of names.filter((candidate) => /^msg_[0-9a-f]{32}\.json$/.test(candidate))) {
        const text = await readFile(join(dir, name), 'utf8').catch(() => 'null');
        const parsed = deliverySchema.safeParse(parseJson(text));
        if (!parsed.success || known.has(parsed.data.id)) continue;
        known.add(parsed.data.id);
        deliveries.push(parsed.data);
      }
      return deliveries;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
