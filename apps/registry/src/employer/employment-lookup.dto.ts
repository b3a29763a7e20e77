import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsUUID } from 'class-validator';
import { IsDay } from '@ansinh/problem';

const peopleMax = 1_000;

export class LookUpEmployment {
  @ApiProperty({ format: 'date', description: 'The day on which it is asked whether somebody is employed' })
  @IsDay()
  on: string;

  @ApiProperty({ type: [String], minItems: 1, maxItems: peopleMax })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(peopleMax)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  people: string[];
}

class ContractInForce {
  @ApiProperty({ format: 'uuid' })
  employerId: string;

  @ApiProperty({ format: 'date' })
  contractFrom: string;

  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'null: of no fixed term' })
  contractUntil: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'Social insurance paid since' })
  insuredFrom: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  insuredUntil: string | null;
}

export class EmployedPerson {
  @ApiProperty({ format: 'uuid', description: 'As asked' })
  personId: string;

  @ApiProperty({ format: 'uuid', description: 'The record that stands for the person: himself as a rule' })
  standsForId: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  diedOn: string | null;

  @ApiProperty({ type: [ContractInForce], description: 'On that day, with employers that had not closed' })
  contracts: ContractInForce[];
}

export class EmployedPeople {
  @ApiProperty({ type: [EmployedPerson], description: 'In the order asked; who is not known is left out' })
  items: EmployedPerson[];
}
