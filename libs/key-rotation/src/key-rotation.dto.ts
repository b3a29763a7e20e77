import { ApiProperty } from '@nestjs/swagger';

export class KeyRotationView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: ['running', 'finished'] })
  state: string;

  @ApiProperty({ description: 'What is under older key versions is sealed anew under this one' })
  toVersion: number;

  @ApiProperty({
    description:
      'What was under older versions at the start, counted by what is sealed in one piece: a block of lines, the numbers of a person, the key of a file',
  })
  blocks: number;

  @ApiProperty({ description: 'Of these, what was sealed anew so far' })
  resealed: number;

  @ApiProperty({ type: String, nullable: true, description: 'Why it does not go on, if it does not' })
  problem: string | null;

  @ApiProperty()
  startedBy: string;

  @ApiProperty({ format: 'date-time' })
  startedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt: string | null;
}

class SealingKeyView {
  @ApiProperty()
  version: number;

  @ApiProperty({ description: 'What is sealed under it, piece by piece' })
  blocks: number;

  @ApiProperty({ description: 'Whether SEALING_KEYS of the service has it' })
  isGiven: boolean;

  @ApiProperty({ description: 'Nothing is sealed under it any more: it may be taken out of SEALING_KEYS' })
  isRemovable: boolean;
}

export class SealingKeysView {
  @ApiProperty({ description: 'The version that what is new is sealed under' })
  current: number;

  @ApiProperty({ type: [SealingKeyView] })
  versions: SealingKeyView[];

  @ApiProperty({ type: KeyRotationView, nullable: true, description: 'The latest rotation' })
  rotation: KeyRotationView | null;
}
