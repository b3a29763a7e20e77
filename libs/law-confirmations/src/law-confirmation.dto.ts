import { ApiProperty } from '@nestjs/swagger';
import { Length, Matches } from 'class-validator';

export class LawText {
  @ApiProperty()
  vi: string;

  @ApiProperty()
  en: string;
}

export class LawPlace {
  @ApiProperty({ example: '20/2021/NĐ-CP' })
  number: string;

  @ApiProperty()
  name: LawText;

  @ApiProperty({ required: false })
  article?: string;

  @ApiProperty({ required: false })
  clause?: string;

  @ApiProperty({ required: false })
  annex?: string;
}

export class AwaitingRow {
  @ApiProperty()
  row: string;

  @ApiProperty({ description: 'What it says: a value, or conditions and what follows' })
  text: LawText;

  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'null: of a way of combining' })
  appliedFrom: string | null;

  @ApiProperty({ enum: ['secondary', 'memory', 'derived'] })
  confidence: string;

  @ApiProperty({ type: LawPlace, nullable: true })
  citation: LawPlace | null;

  @ApiProperty({ description: 'What a confirmation names, hex' })
  digest: string;
}

export class AwaitingRowList {
  @ApiProperty({ type: [AwaitingRow] })
  items: AwaitingRow[];
}

export class ConfirmLaw {
  @ApiProperty({ description: '`row` of the one that was looked at' })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/)
  row: string;

  @ApiProperty({ description: '`digest` of the row that was looked at' })
  @Matches(/^[0-9a-f]{64}$/)
  digest: string;

  @ApiProperty({ description: 'Where it was read: the paper that was held against the row' })
  @Length(1, 1000)
  basis: string;
}

export class LawConfirmationView {
  @ApiProperty()
  row: string;

  @ApiProperty()
  digest: string;

  @ApiProperty()
  basis: string;

  @ApiProperty()
  confirmedBy: string;

  @ApiProperty({ format: 'date' })
  confirmedOn: string;
}

export class LawConfirmationList {
  @ApiProperty({ type: [LawConfirmationView] })
  items: LawConfirmationView[];
}
