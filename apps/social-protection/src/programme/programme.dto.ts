import { ApiProperty } from '@nestjs/swagger';

class TextView {
  @ApiProperty()
  vi: string;

  @ApiProperty()
  en: string;
}

export class ChoiceView {
  @ApiProperty({ example: 'policy4' })
  code: string;

  @ApiProperty()
  name: TextView;
}

export class ProgrammeView {
  @ApiProperty({ example: 'rent-support' })
  code: string;

  @ApiProperty()
  name: TextView;

  @ApiProperty({ enum: ['once', 'month'], description: 'Whether it is paid once, or for each month' })
  period: string;

  @ApiProperty({ type: [ChoiceView], description: 'What a list may ask for: policies or groups' })
  choices: ChoiceView[];

  @ApiProperty({ description: 'Code of the programme under which disbursements pay it' })
  paymentCode: string;
}

export class ProgrammeList {
  @ApiProperty({ type: [ProgrammeView] })
  items: ProgrammeView[];
}
