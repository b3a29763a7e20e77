import { ApiProperty } from '@nestjs/swagger';
import { LawText } from '@ansinh/law-confirmations';
import type { DecisionOutcome } from '@ansinh/policy';

const outcomes = [
  'granted',
  'paidElsewhere',
  'refused',
  'incomplete',
  'unconfirmed',
  'outsideLaw',
] as const satisfies readonly DecisionOutcome[];

export class LoanLawDecision {
  @ApiProperty({ enum: outcomes })
  outcome: DecisionOutcome;

  @ApiProperty({
    description:
      'đồng of a ceiling, months of a term, parts per million a year of a rate; 0 where it is not granted',
  })
  amount: string;

  @ApiProperty({ description: 'What the rules come to, also while a row of law waits for a named person' })
  computed: string;

  @ApiProperty({ type: String, nullable: true, description: 'Of collateral: `needed` or `notNeeded`' })
  answer: string | null;

  @ApiProperty({ type: [String], description: 'Rows of law that nobody has read or confirmed' })
  unconfirmed: string[];

  @ApiProperty({ type: LawText, description: 'For the borrower: what was asked, found and is missing' })
  text: LawText;

  @ApiProperty({ description: 'Of law, facts and result' })
  digest: string;
}

export class LoanLaw {
  @ApiProperty({ format: 'date', description: 'Day of the last appraisal or approval; today before one' })
  on: string;

  @ApiProperty({ type: LoanLawDecision })
  ceiling: LoanLawDecision;

  @ApiProperty({ type: LoanLawDecision })
  term: LoanLawDecision;

  @ApiProperty({ type: LoanLawDecision })
  rate: LoanLawDecision;

  @ApiProperty({ type: LoanLawDecision })
  collateral: LoanLawDecision;
}
