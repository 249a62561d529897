import type { IncomingMessage } from 'node:http';
import {
  Controller,
  Get,
  HttpCode,
  Inject,
  type MessageEvent,
  Param,
  Post,
  Query,
  Req,
  Sse,
} from '@nestjs/common';
import type { JobResult, JobStatus } from 'astro-jobs';
import { map, Observable } from 'rxjs';
import { PhotoJobs } from './jobs.provider.js';

@Controller('photos')
export class PhotosController {
  constructor(@Inject(PhotoJobs) private readonly jobs: PhotoJobs) {}

  /** The body is the image: it streams into the store, and is never whole in memory. */
  @Post()
  @HttpCode(202)
  submit(@Req() request: IncomingMessage, @Query('name') name?: string): Promise<JobStatus> {
    return this.jobs.submit(request, {}, { filename: name ?? 'photo' });
  }

  @Get(':id')
  status(@Param('id') id: string): Promise<JobStatus> {
    return this.jobs.status(id);
  }

  /** Answers when the job has ended, after half a minute at the latest. */
  @Get(':id/result')
  result(@Param('id') id: string): Promise<JobResult> {
    return this.jobs.wait(id, { timeout: 30 });
  }

  /** One event for each change, until the job has ended or the client has left. */
  @Sse(':id/events')
  events(@Param('id') id: string): Observable<MessageEvent> {
    return new Observable<JobStatus>((subscriber) => {
      const left = new AbortController();
      const follow = async () => {
        for await (const status of this.jobs.watch(id, { signal: left.signal })) subscriber.next(status);
        subscriber.complete();
      };
      follow().catch((error: unknown) => {
        if (!left.signal.aborted) subscriber.error(error);
      });
      return () => left.abort();
    }).pipe(map((status) => ({ data: status })));
  }
}
