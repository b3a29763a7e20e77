import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { type Borrower, type LoanProductCode, loanStates, type LoanState } from '@ansinh/loans';
import { IsDay } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import { lawFactNames, type LawFactName } from '../law/law-facts.js';
import { vndPattern } from '../rest.js';

export const borrowerKinds = [
  'smallEnterprise',
  'cooperative',
  'cooperativeUnion',
  'cooperativeGroup',
  'businessHousehold',
  'worker',
] as const satisfies readonly Borrower[];
export const productCodes = [
  'EL-ESTABLISHMENT',
  'EL-WORKER',
  'OL-WORKER',
] as const satisfies readonly LoanProductCode[];
export const jobKinds = ['created', 'kept'] as const;

const nameMax = 200;
const textMax = 2_000;
const workersMax = 500;
const itemsMax = 50;
export const termMonthsMax = 240;

/** A paper that a move rests on. */
export class Decision {
  @ApiProperty({ example: '125/QĐ-UBND' })
  @Matches(/\S/)
  @MaxLength(nameMax)
  number: string;

  @ApiProperty({ format: 'date', example: '2022-03-31' })
  @IsDay()
  on: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @IsString()
  @MaxLength(textMax)
  note?: string;
}

/** The body of a move that needs nothing but its paper. */
export class DecidedMove {
  @ApiProperty({ type: Decision })
  @ValidateNested()
  @Type(() => Decision)
  decision: Decision;
}

class OtherSource {
  @ApiProperty({ example: 'Vốn tự có' })
  @Matches(/\S/)
  @MaxLength(nameMax)
  name: string;

  @ApiProperty({ example: '50000000' })
  @Matches(vndPattern)
  amount: string;
}

class Collateral {
  @ApiProperty({ example: 'Quyền sử dụng đất thửa 12, tờ 5' })
  @Matches(/\S/)
  @MaxLength(nameMax)
  description: string;

  @ApiProperty({ example: '300000000' })
  @Matches(vndPattern)
  value: string;
}

export class ProjectView {
  @ApiProperty({ example: 'Xưởng may gia công' })
  @Matches(/\S/)
  @MaxLength(nameMax)
  name: string;

  @ApiProperty({ description: 'What the money is for' })
  @Matches(/\S/)
  @MaxLength(textMax)
  purpose: string;

  @ApiProperty({ type: [OtherSource], description: 'What else pays for it' })
  @IsArray()
  @ArrayMaxSize(itemsMax)
  @ValidateNested({ each: true })
  @Type(() => OtherSource)
  otherSources: OtherSource[];

  @ApiProperty({ type: [Collateral] })
  @IsArray()
  @ArrayMaxSize(itemsMax)
  @ValidateNested({ each: true })
  @Type(() => Collateral)
  collateral: Collateral[];
}

export class ProjectWorker {
  @ApiProperty({ format: 'uuid', description: 'Of the register' })
  @IsUUID()
  personId: string;

  @ApiProperty()
  @IsString()
  @Length(1, nameMax)
  name: string;

  @ApiProperty({ enum: jobKinds, description: 'A job that the loan makes, or keeps' })
  @IsIn(jobKinds)
  kind: (typeof jobKinds)[number];
}

export class BorrowerInput {
  @ApiProperty({ enum: borrowerKinds })
  @IsIn(borrowerKinds)
  kind: Borrower;

  @ApiProperty()
  @IsString()
  @Length(1, nameMax)
  name: string;

  @ApiProperty({ format: 'uuid', required: false, description: 'Of the register; this one or employerId' })
  @IsOptional()
  @IsUUID()
  personId?: string;

  @ApiProperty({ format: 'uuid', required: false })
  @IsOptional()
  @IsUUID()
  employerId?: string;
}

export class LawFact {
  @ApiProperty({ enum: lawFactNames })
  @IsIn(lawFactNames)
  fact: LawFactName;

  @ApiProperty({ example: '20', description: '`true`, or a whole number: people, months or đồng' })
  @Matches(/^(true|0|[1-9]\d{0,14})$/)
  value: string;

  @ApiProperty({ example: 'GXN 12/UBND', description: 'The paper that says so' })
  @Matches(/\S/)
  @MaxLength(nameMax)
  document: string;
}

export class ApplyForLoan {
  @ApiProperty({ enum: productCodes })
  @IsIn(productCodes)
  productCode: LoanProductCode;

  @ApiProperty({ example: '09169', description: 'Commune of the project' })
  @Matches(/^\d{5}$/)
  placeCode: string;

  @ApiProperty({ type: BorrowerInput })
  @ValidateNested()
  @Type(() => BorrowerInput)
  borrower: BorrowerInput;

  @ApiProperty({
    type: [LawFact],
    description:
      'By which the law decides the rate, and for work abroad ceiling and term: an establishment tells `workers` and `priorityWorkers`, who goes abroad `contractCosts` and `contractMonths`, a person what makes him one of a priority group',
  })
  @IsArray()
  @ArrayMaxSize(lawFactNames.length)
  @ArrayUnique(({ fact }: LawFact) => fact)
  @ValidateNested({ each: true })
  @Type(() => LawFact)
  facts: LawFact[];

  @ApiProperty({ example: '80000000' })
  @Matches(vndPattern)
  amount: string;

  @ApiProperty({ example: 36 })
  @IsInt()
  @Min(1)
  @Max(termMonthsMax)
  termMonths: number;

  @ApiProperty({ type: ProjectView })
  @ValidateNested()
  @Type(() => ProjectView)
  project: ProjectView;

  @ApiProperty({ type: [ProjectWorker], description: 'Whose jobs it makes or keeps, by name' })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(workersMax)
  @ArrayUnique(({ personId }: ProjectWorker) => personId)
  @ValidateNested({ each: true })
  @Type(() => ProjectWorker)
  workers: ProjectWorker[];
}

export class LoanFilter extends PageQuery {
  @ApiProperty({ required: false, example: 'VV-00000042' })
  @IsOptional()
  @Matches(/^VV-\d{8,18}$/)
  code?: string;

  @ApiProperty({ required: false, enum: loanStates })
  @IsOptional()
  @IsIn(loanStates)
  state?: LoanState;

  @ApiProperty({ required: false, enum: productCodes })
  @IsOptional()
  @IsIn(productCodes)
  productCode?: LoanProductCode;

  @ApiProperty({ required: false })
  @IsOptional()
  @Matches(/^\d{5}$/)
  placeCode?: string;
}

export class LoanView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'VV-00000042' })
  code: string;

  @ApiProperty({ enum: productCodes })
  productCode: LoanProductCode;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ description: 'Of the desk' })
  officeCode: string;

  @ApiProperty({ enum: borrowerKinds })
  borrowerKind: Borrower;

  @ApiProperty()
  borrowerName: string;

  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  personId: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  employerId: string | null;

  @ApiProperty({ type: [LawFact] })
  facts: LawFact[];

  @ApiProperty({ description: 'What was asked for' })
  amount: string;

  @ApiProperty()
  termMonths: number;

  @ApiProperty({ type: ProjectView })
  project: ProjectView;

  @ApiProperty({ type: String, nullable: true, description: 'What was appraised, and then approved' })
  grantedAmount: string | null;

  @ApiProperty({ type: Number, nullable: true })
  grantedTermMonths: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Parts per million a year' })
  ratePpm: number | null;

  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  capitalPlanId: string | null;

  @ApiProperty({ enum: loanStates })
  state: LoanState;

  @ApiProperty({ description: 'What a command names in If-Match' })
  version: number;
}

export class LoanPage {
  @ApiProperty({ type: [LoanView] })
  items: LoanView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class LoanMoveView {
  @ApiProperty()
  number: number;

  @ApiProperty({ example: 'approve' })
  kind: string;

  @ApiProperty({ enum: loanStates })
  state: LoanState;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ type: Decision, nullable: true })
  decision: Decision | null;

  @ApiProperty()
  actorName: string;
}

class DisbursementView {
  @ApiProperty()
  number: number;

  @ApiProperty()
  amount: string;

  @ApiProperty({ enum: ['ordered', 'paid', 'returned'] })
  state: string;

  @ApiProperty({ type: String, nullable: true, format: 'date' })
  settledOn: string | null;

  @ApiProperty({ type: String, nullable: true })
  reason: string | null;
}

export class LoanHistory {
  @ApiProperty({ type: [LoanMoveView] })
  moves: LoanMoveView[];

  @ApiProperty({ type: [ProjectWorker] })
  workers: ProjectWorker[];

  @ApiProperty({
    type: [String],
    description:
      'Those of them who were found at work, and count for this loan; `GET /v1/loan-jobs` says why others do not',
  })
  counted: string[];

  @ApiProperty({ type: [DisbursementView] })
  disbursements: DisbursementView[];
}
