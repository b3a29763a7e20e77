import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { type FormCode, forms } from './forms.js';
import { HalfYearQuery } from './report.dto.js';

const levels = ['commune', 'district', 'province'] as const;
const formCodes = forms.map(({ code }) => code);

export class HalfYearFormsQuery extends HalfYearQuery {
  @ApiProperty({
    required: false,
    example: '256',
    description:
      'Commune, district or province as it was on the last day of the half-year; of the caller by default',
  })
  @IsOptional()
  @Matches(/^(\d{2}|\d{3}|\d{5})$/)
  placeCode?: string;
}

class FormText {
  @ApiProperty()
  vi: string;

  @ApiProperty()
  en: string;
}

export class HalfYearNumbers {
  @ApiProperty({ description: 'Beneficiaries of the last approved month of the half-year before' })
  before: number;

  @ApiProperty({
    description: 'Beneficiaries of the last approved month; a note says where that is not the last one',
  })
  people: number;

  @ApiProperty({ description: 'How often something was approved that is paid once: a funeral, an emergency' })
  times: number;

  @ApiProperty({ description: 'What was approved for the half-year, đồng' })
  owed: string;

  @ApiProperty({ description: 'What of that is kept back for what was paid too much before, đồng' })
  deducted: string;

  @ApiProperty({ description: 'What of that was paid by now, đồng' })
  paid: string;
}

export class HalfYearFormLine {
  @ApiProperty()
  code: string;

  @ApiProperty()
  name: FormText;

  @ApiProperty({ example: '20/2021/NĐ-CP, điều 5 khoản 1' })
  legalBasis: string;

  @ApiProperty({
    type: HalfYearNumbers,
    nullable: true,
    description:
      'Null where it is not known: nothing of it is kept here, or all who have it have it on top of something else. Noughts where there is nothing',
  })
  numbers: HalfYearNumbers | null;
}

export class HalfYearFormSection {
  @ApiProperty()
  code: string;

  @ApiProperty()
  name: FormText;

  @ApiProperty({ type: [HalfYearFormLine] })
  lines: HalfYearFormLine[];

  @ApiProperty()
  sum: HalfYearNumbers;
}

export class HalfYearForm {
  @ApiProperty({ enum: formCodes })
  code: FormCode;

  @ApiProperty()
  title: FormText;

  @ApiProperty({ type: [HalfYearFormSection] })
  sections: HalfYearFormSection[];

  @ApiProperty()
  sum: HalfYearNumbers;
}

class HalfYearUnitSum extends HalfYearNumbers {
  @ApiProperty({ enum: formCodes })
  form: FormCode;
}

export class HalfYearUnit {
  @ApiProperty()
  placeCode: string;

  @ApiProperty()
  placeName: string;

  @ApiProperty({ enum: levels })
  level: (typeof levels)[number];

  @ApiProperty({
    description:
      'False of a commune of another day, by whose code people were entered who may have been of several communes of then',
  })
  isOfThen: boolean;

  @ApiProperty({ type: [HalfYearUnitSum] })
  sums: HalfYearUnitSum[];
}

/** Of rows of law: read in a text, quoted by another, derived of it, or from memory. */
const confidences = ['verified', 'secondary', 'derived', 'memory'] as const;

class FormConfidence {
  @ApiProperty({ enum: confidences, description: 'That these forms are reported, by whom and when' })
  obligation: string;

  @ApiProperty({ enum: confidences })
  titles: string;

  @ApiProperty({ enum: confidences, description: 'Lines and columns' })
  layout: string;

  @ApiProperty({ enum: confidences })
  signatures: string;
}

export class HalfYearForms {
  @ApiProperty()
  placeCode: string;

  @ApiProperty()
  placeName: string;

  @ApiProperty({ enum: levels })
  level: (typeof levels)[number];

  @ApiProperty()
  year: number;

  @ApiProperty({ enum: [1, 2] })
  half: 1 | 2;

  @ApiProperty({ format: 'date' })
  from: string;

  @ApiProperty({ format: 'date', description: 'Last day; units are those of this day' })
  through: string;

  @ApiProperty({ description: 'To whom this level reports' })
  reportsTo: FormText;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'The report is there before this day; null before the circular applied',
  })
  dueBefore: string | null;

  @ApiProperty({ description: 'Whether that day has come: what is sent now comes late' })
  isLate: boolean;

  @ApiProperty()
  legalBasis: string;

  @ApiProperty()
  confidence: FormConfidence;

  @ApiProperty({ type: [FormText], description: 'What an official has yet to confirm of the forms' })
  notes: FormText[];

  @ApiProperty({ type: [HalfYearForm] })
  forms: HalfYearForm[];

  @ApiProperty({
    type: [HalfYearUnit],
    description: 'The units right below, of which the forms are the sums',
  })
  units: HalfYearUnit[];
}
