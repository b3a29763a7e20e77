import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { AccountQuery } from '../account/account.dto.js';

export class DocumentQuery extends AccountQuery {
  /** The cursor of the last document seen. */
  @IsOptional()
  @Matches(/^\d{1,18}$/)
  after: string = '0';

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit: number = 100;
}

export interface DocumentView {
  cursor: string;
  id: string;
  type: string;
  bytes: number;
}
