import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { KeyRateLimit, WorkerNotice, WorkerRegistry } from './worker-registry.js';

/** Generic cell rate algorithm; by the clock of the server, in milliseconds. */
const RESERVE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local step = tonumber(ARGV[1])
local burst = tonumber(ARGV[2])
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local start = math.max(now, arrival - burst * step)
redis.call('SET', KEYS[1], string.format('%.0f', arrival + step), 'PX', math.ceil(arrival + step - now) + 1)
return math.floor(start - now)`;

const WORKERS = `
local time = redis.call('TIME')
local now = tonumber(time[1])
local found = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local notice = cjson.decode(all[i + 1])
  if notice.untilSeconds > now then found[#found + 1] = all[i + 1] else redis.call('HDEL', KEYS[1], all[i]) end
end
return found`;

const ANNOUNCE = `
local notice = cjson.decode(ARGV[2])
notice.untilSeconds = tonumber(redis.call('TIME')[1]) + tonumber(ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(notice))`;

/** Keys below `<prefix>`: one per rate key, and one hash of the workers. */
export class RedisWorkerRegistry implements WorkerRegistry {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  async reserve(key: string, { max, seconds }: KeyRateLimit): Promise<number> {
    const name = `${this.prefix}:rate:${createHash('sha256').update(key).digest('base64url')}`;
    const wait = await this.redis.eval(RESERVE, 1, name, (seconds * 1000) / max, max - 1);
    return Number(wait) / 1000;
  }

  async announce(notice: WorkerNotice, seconds: number): Promise<void> {
    await this.redis.eval(
      ANNOUNCE,
      1,
      this.#workersKey,
      notice.worker,
      JSON.stringify(notice),
      Math.ceil(seconds),
    );
  }

  async withdraw(worker: string): Promise<void> {
    await this.redis.hdel(this.#workersKey, worker);
  }

  async workers(): Promise<WorkerNotice[]> {
    const found = (await this.redis.eval(WORKERS, 1, this.#workersKey)) as string[];
    return found.map((text) => {
      const notice = JSON.parse(text) as WorkerNotice;
      // cjson writes an empty list as an empty object.
      return { ...notice, coverage: Array.isArray(notice.coverage) ? notice.coverage : [] };
    });
  }

  async close(): Promise<void> {}

  get #workersKey(): string {
    return `${this.prefix}:workers`;
  }
}
