import { IsISO8601, Matches } from 'class-validator';
import { AccountQuery } from '../account/account.dto.js';

export class DrawStatement extends AccountQuery {
  /** The day that the statement is of, YYYY-MM-DD. */
  @Matches(/^\d{4}-\d\d-\d\d$/)
  @IsISO8601({ strict: true })
  on: string;
}
