import { ApiProperty } from '@nestjs/swagger';
import { ToldEvent, ToldEventPage } from '@ansinh/events';
import { type DossierState, dossierStates } from '../dossier/dossier.states.js';
import { type EventType, eventTypes } from './event-types.js';

/** As the record stands when the event is read, not as it was when it was written. No number of anybody is in it. */
export class EventData {
  @ApiProperty()
  id: string;

  @ApiProperty({
    required: false,
    type: [String],
    description:
      'Keyed hashes of the citizen numbers, as every service has them: his own, and those of records merged into his; none without a number, or of a record that was merged itself',
  })
  numberKeys?: string[];

  @ApiProperty({
    required: false,
    type: String,
    nullable: true,
    description: 'The record that stands for this one since they were merged',
  })
  mergedInto?: string | null;

  @ApiProperty({ required: false, type: [String], description: 'Of numbers that the person had before' })
  formerNumberKeys?: string[];

  @ApiProperty({ required: false })
  name?: string;

  @ApiProperty({
    required: false,
    description: 'The commune of today that the person, or the dossier, belongs to',
  })
  placeCode?: string;

  @ApiProperty({ required: false, type: String, nullable: true, description: 'First day of that residence' })
  residentFrom?: string | null;

  @ApiProperty({ required: false, type: String, nullable: true })
  diedOn?: string | null;

  @ApiProperty({ required: false, type: String, nullable: true, description: 'Last day of an employer' })
  closedOn?: string | null;

  @ApiProperty({ required: false, description: 'Of a dossier' })
  code?: string;

  @ApiProperty({ required: false, description: 'Of a dossier' })
  procedureCode?: string;

  @ApiProperty({ required: false, description: 'Of a dossier: the service that decides its procedure' })
  service?: string;

  @ApiProperty({
    required: false,
    type: String,
    nullable: true,
    description: 'Of a dossier: what the service that opened it calls it; null where a desk did',
  })
  reference?: string | null;

  @ApiProperty({ required: false, type: String, nullable: true, description: 'Of a dossier: who applied' })
  personId?: string | null;

  @ApiProperty({ required: false, type: String, nullable: true, description: 'Of a dossier: who applied' })
  employerId?: string | null;

  @ApiProperty({ required: false, enum: dossierStates, description: 'Of a dossier' })
  state?: DossierState;

  @ApiProperty({
    required: false,
    type: String,
    nullable: true,
    description: 'Of a dossier: counts as the day of its reception',
  })
  receivedOn?: string | null;

  @ApiProperty({
    required: false,
    type: String,
    nullable: true,
    description: 'Of a dossier: day of the decision',
  })
  decidedOn?: string | null;

  @ApiProperty({
    required: false,
    type: String,
    nullable: true,
    description: 'Of a dossier: granted or declined; null before it is decided',
  })
  outcome?: string | null;
}

export class EventView extends ToldEvent {
  @ApiProperty({ enum: ['/registry'] })
  source: '/registry';

  @ApiProperty({ enum: eventTypes })
  type: EventType;

  @ApiProperty({ example: 'person/0198a3f2-…' })
  subject: string;

  @ApiProperty({ type: EventData })
  data: EventData;
}

export class EventPage extends ToldEventPage {
  @ApiProperty({ type: [EventView], description: 'In the order in which they were committed' })
  items: EventView[];
}
