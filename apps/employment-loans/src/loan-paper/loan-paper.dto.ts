import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsDay } from '@ansinh/problem';

export class NoticeQuery {
  @ApiProperty({ required: false, format: 'date', description: 'Today where it is left out' })
  @IsOptional()
  @IsDay()
  on?: string;
}
