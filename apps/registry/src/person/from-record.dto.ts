import { ApiProperty } from '@nestjs/swagger';

/** What came with a record stays readable as what came with it. */
export class FromRecord {
  @ApiProperty({ format: 'uuid', description: 'The record it came with: this one, or one merged into it' })
  originId: string;
}
