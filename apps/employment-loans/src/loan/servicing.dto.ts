import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsDay } from '@ansinh/problem';
import { vndPattern } from '../rest.js';
import { DecidedMove } from './loan.dto.js';

/** What counts from the day of its paper, unless it names another one that is over. */
export class RecordedMove extends DecidedMove {
  @ApiProperty({
    required: false,
    format: 'date',
    description: 'The day from which it counts; that of the paper where it is left out',
  })
  @IsOptional()
  @IsDay()
  on?: string;
}

export class MoneyMove extends RecordedMove {
  @ApiProperty({ example: '2500000' })
  @Matches(vndPattern)
  amount: string;
}

export class ReverseEvent extends RecordedMove {
  @ApiProperty({ description: 'Number of the event that was wrong' })
  @IsInt()
  @Min(1)
  event: number;
}

export class ChangeRate extends RecordedMove {
  @ApiProperty({ example: 63_360, description: 'Parts per million a year' })
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  ratePpm: number;
}

export class UntilMove extends RecordedMove {
  @ApiProperty({ format: 'date' })
  @IsDay()
  until: string;
}

export class DeferDue extends UntilMove {
  @ApiProperty({ format: 'date', description: 'The due day whose principal is deferred' })
  @IsDay()
  dueOn: string;
}

export class RecallLoan extends RecordedMove {
  @ApiProperty({ format: 'date' })
  @IsDay()
  dueOn: string;
}

class NewDue {
  @ApiProperty({ format: 'date' })
  @IsDay()
  dueOn: string;

  @ApiProperty({ example: '10000000', description: 'The last one takes what is left' })
  @Matches(/^\d{1,15}$/)
  principal: string;

  @ApiProperty()
  @IsBoolean()
  isInterestDue: boolean;
}

export class RescheduleLoan extends RecordedMove {
  @ApiProperty({ type: [NewDue] })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(600)
  @ValidateNested({ each: true })
  @Type(() => NewDue)
  plan: NewDue[];
}

export class BookQuery {
  @ApiProperty({ required: false, format: 'date', description: 'Today where it is left out' })
  @IsOptional()
  @IsDay()
  on?: string;

  @ApiProperty({ required: false, format: 'date', description: 'First day of the statement' })
  @IsOptional()
  @IsDay()
  from?: string;

  @ApiProperty({ required: false, format: 'date', description: 'As it was known at the end of that day' })
  @IsOptional()
  @IsDay()
  knownOn?: string;
}

class DueView {
  @ApiProperty({ format: 'date' })
  dueOn: string;

  @ApiProperty()
  principal: string;

  @ApiProperty()
  isInterestDue: boolean;
}

class MovementView {
  @ApiProperty({ format: 'date' })
  on: string;

  @ApiProperty({ example: 'repaid' })
  kind: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Number of the event; null where something fell due',
  })
  event: number | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'What it went to' })
  allocation: Record<string, string>;

  @ApiProperty({ description: 'After it' })
  principal: string;

  @ApiProperty({ description: 'After it: due or accrued' })
  interest: string;
}

export class PositionView {
  @ApiProperty({ format: 'date' })
  on: string;

  @ApiProperty({ description: 'All that is out' })
  principal: string;

  @ApiProperty()
  principalDue: string;

  @ApiProperty()
  overduePrincipal: string;

  @ApiProperty()
  interestDue: string;

  @ApiProperty()
  interestAccrued: string;

  @ApiProperty()
  overdueInterest: string;

  @ApiProperty({ description: 'What the borrower has paid too much' })
  credit: string;

  @ApiProperty({ description: 'What closes the loan on this day' })
  payoff: string;

  @ApiProperty()
  daysPastDue: number;
}

export class BookView {
  @ApiProperty({ type: PositionView })
  opening: PositionView;

  @ApiProperty({ type: [MovementView] })
  movements: MovementView[];

  @ApiProperty({ type: PositionView })
  closing: PositionView;

  @ApiProperty({ type: [DueView] })
  upcoming: DueView[];
}
