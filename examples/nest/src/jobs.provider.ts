import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AstroJobs } from 'astro-jobs';

/** The jobs of this application: one instance, closed when the application ends. */
@Injectable()
export class PhotoJobs extends AstroJobs implements OnApplicationShutdown {
  constructor() {
    super({ dir: process.env.JOBS_DIR ?? './jobs' });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}
