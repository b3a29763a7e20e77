import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { OnBlocking } from '../batch/batch.entity.js';

export class ImportQuery {
  @ApiProperty({
    required: false,
    enum: ['stop', 'setAside'],
    default: 'stop',
    description: 'Lines with blocking findings stop the batch, or are set aside and the others are paid',
  })
  @IsOptional()
  @IsIn(['stop', 'setAside'])
  onBlocking: OnBlocking = 'stop';
}
