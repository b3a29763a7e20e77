import { Injectable, ParseUUIDPipe } from '@nestjs/common';
import { problems } from './common-problems.js';
import { ProblemError } from './problem.js';

/** The id of a record in an address or argument. @throws ProblemError INVALID_REQUEST saying what is wrong with it */
@Injectable()
export class IdPipe extends ParseUUIDPipe {
  constructor() {
    const detail = {
      vi: 'Mã định danh không đúng dạng: phải là UUID, ví dụ 0199b2c4-0000-7000-8000-000000000000.',
      en: 'The identifier does not have its form: it must be a UUID, as 0199b2c4-0000-7000-8000-000000000000.',
    };
    super({ exceptionFactory: () => new ProblemError(problems.invalidRequest, { detail }) });
  }
}
