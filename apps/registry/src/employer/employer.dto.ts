import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, ValidateIf } from 'class-validator';
import { IsAfter, IsDay, IsNotBlank } from '@ansinh/problem';
import { PageQuery } from '@ansinh/service';
import type { PersonSummary } from '../person/person.dto.js';
import { employerKinds } from './employer-kinds.js';

export class EnterEmployer {
  @ApiProperty({
    example: '2300000043',
    description: 'With its check digit; a household in business has the number of its owner',
  })
  @Matches(/^[\d-]{10,14}$/)
  taxCode: string;

  @ApiProperty()
  @IsNotBlank()
  @MaxLength(200)
  name: string;

  @ApiProperty({ enum: employerKinds })
  @IsIn(employerKinds)
  kind: string;

  @ApiProperty({ required: false, description: 'Industrial park', example: 'KCN Yên Phong' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  park?: string;

  @ApiProperty({ description: 'Commune of today', example: '09169' })
  @Matches(/^\d{5}$/)
  placeCode: string;
}

export class ChangeEmployer {
  @ApiProperty()
  @IsNotBlank()
  @MaxLength(200)
  name: string;

  @ApiProperty({ enum: employerKinds })
  @IsIn(employerKinds)
  kind: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  park?: string;
}

export class CloseEmployer {
  @ApiProperty({ format: 'date' })
  @IsDay()
  closedOn: string;
}

export class CorrectClosure {
  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'The right day; null: it goes on',
  })
  @ValidateIf((_, value) => value !== null)
  @IsDay()
  closedOn: string | null;

  @ApiProperty({ description: 'The paper by which it is known' })
  @IsNotBlank()
  @MaxLength(200)
  basis: string;
}

export class EmployPerson {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  personId: string;

  @ApiProperty({ format: 'date' })
  @IsDay()
  contractFrom: string;

  @ApiProperty({ required: false, format: 'date', description: 'First day after the contract' })
  @IsOptional()
  @IsDay()
  @IsAfter('contractFrom')
  contractUntil?: string;

  @ApiProperty({ required: false, format: 'date', description: 'Social insurance paid since' })
  @IsOptional()
  @IsDay()
  insuredFrom?: string;

  @ApiProperty({ required: false, format: 'date' })
  @IsOptional()
  @IsDay()
  @IsAfter('insuredFrom')
  insuredUntil?: string;
}

export class EndEmployment {
  @ApiProperty({
    format: 'date',
    description: 'First day after the contract; earlier than was agreed, or new',
  })
  @IsDay()
  contractUntil: string;

  @ApiProperty({ required: false, format: 'date', description: 'First day without social insurance' })
  @IsOptional()
  @IsDay()
  insuredUntil?: string;
}

export class EmployersQuery extends PageQuery {
  @ApiProperty({
    required: false,
    description: 'The tax code, or a part of the name without regard to marks',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;
}

export class EmployerView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  taxCode: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ enum: employerKinds })
  kind: string;

  @ApiProperty({ type: String, nullable: true })
  park: string | null;

  @ApiProperty()
  placeCode: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  closedOn: string | null;

  @ApiProperty()
  version: number;
}

export class EmployerPage {
  @ApiProperty({ type: [EmployerView] })
  items: EmployerView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

/** A worker of a list that is taken along, with his name where the caller may see him. */
export interface WorkerRow extends EmploymentView {
  person: PersonSummary | undefined;
}

export class EmploymentView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  employerId: string;

  @ApiProperty({ format: 'uuid' })
  personId: string;

  @ApiProperty({ format: 'date' })
  contractFrom: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  contractUntil: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  insuredFrom: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  insuredUntil: string | null;
}

export class EmploymentPage {
  @ApiProperty({ type: [EmploymentView] })
  items: EmploymentView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
