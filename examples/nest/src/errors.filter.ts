import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { AstroJobsError, errorFacts } from 'astro-jobs';

interface Answer {
  status(code: number): this;
  json(body: object): void;
}

/** What the library throws, with the HTTP status that fits its code. */
@Catch(AstroJobsError)
export class AstroJobsErrorFilter implements ExceptionFilter {
  catch({ code, message }: AstroJobsError, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<Answer>().status(errorFacts(code).http).json({ error: message, code });
  }
}
