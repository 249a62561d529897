import type { Claim } from '../../worker/runner.js';
import type { QueueHost } from '../job-queue.js';
import type { Ticket } from './engine.js';
import type { Tickets } from './tickets.js';

/** Jobs at the head of the store's order that are looked at; those behind them have their turn soon. */
const HEAD = 16;

/**
 * The engine knows priorities and arrival, the store whose turn it is: a ticket is the right to run one job, and the store says
 * which. The job's own ticket stays in the engine until it has run, so a worker that dies is replaced as with any other.
 */
export class Turns {
  constructor(
    private readonly host: QueueHost,
    private readonly tickets: Tickets,
    /** Whether jobs with this ticket are for workers of this kind. */
    private readonly isOurs: (ticket: Ticket) => boolean,
  ) {}

  /** Claims the job whose turn it is, among those that could be started now; undefined when there is none. */
  async claim(ticket: Ticket): Promise<Claim | undefined> {
    const { runner } = this.host;
    for (const id of await runner.next(HEAD)) {
      if (id === ticket.id) break;
      // One that is delayed by its rate limit, or held by another worker, is not to be started.
      const other = await this.tickets.waiting(id);
      if (!other || !this.isOurs(other)) continue;
      const claim = await runner.claim(id);
      if (claim) return claim;
    }
    return runner.claim(ticket.id);
  }
}
