import { ApiProperty } from '@nestjs/swagger';

/** An event by CloudEvents 1.0, JSON format. Its source, type and data are those of the service that tells it. */
export abstract class ToldEvent {
  @ApiProperty({ enum: ['1.0'] })
  specversion: '1.0';

  @ApiProperty({ description: 'Never used twice: an event that was taken already changes nothing' })
  id: string;

  @ApiProperty()
  time: string;
}

/** Items in the order in which they were committed. */
export abstract class ToldEventPage {
  abstract items: ToldEvent[];

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Behind the last event that was read: `after` of the next call, also when there is nothing new',
  })
  next: string | null;

  @ApiProperty({ description: 'There is nothing behind it at present' })
  isLast: boolean;
}
