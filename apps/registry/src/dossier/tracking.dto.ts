import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { BilingualText, outcomes, WhereaboutsView } from './dossier.dto.js';
import { type DossierState, dossierStates } from './dossier.states.js';

export class TrackingSecret {
  @ApiProperty()
  code: string;

  @ApiProperty({ description: 'For the applicant alone' })
  secret: string;
}

export class TrackDossier {
  @ApiProperty()
  @IsString()
  @MaxLength(35)
  code: string;

  @ApiProperty()
  @IsString()
  @MaxLength(40)
  secret: string;
}

/** What the applicant sees: the way of the dossier, and nobody's name. */
export class TrackedDossier {
  @ApiProperty()
  code: string;

  @ApiProperty({ type: BilingualText })
  procedure: BilingualText;

  @ApiProperty({ enum: dossierStates })
  state: DossierState;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  dueOn: string | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description:
      'The day that the applicant was promised with an apology; `dueOn` is still what the law gives',
  })
  promisedOn: string | null;

  @ApiProperty({ type: String, enum: outcomes, nullable: true })
  outcome: string | null;

  @ApiProperty({ type: [BilingualText], description: 'Required papers that were not handed in' })
  missing: BilingualText[];

  @ApiProperty({ type: [WhereaboutsView] })
  whereabouts: WhereaboutsView[];
}
