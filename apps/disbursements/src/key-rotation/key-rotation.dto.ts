import { ApiProperty } from '@nestjs/swagger';

export class KeyRotationView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: ['running', 'finished'] })
  state: string;

  @ApiProperty({ description: 'Blocks under older key versions are sealed anew under this one' })
  toVersion: number;

  @ApiProperty({ description: 'Blocks that were under older versions at the start' })
  blocks: number;

  @ApiProperty({ description: 'Blocks that were sealed anew so far' })
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

  @ApiProperty({ description: 'Blocks of 500 lines that are sealed under it' })
  blocks: number;

  @ApiProperty({ description: 'Whether SEALING_KEYS of the service has it' })
  isGiven: boolean;

  @ApiProperty({ description: 'Nothing is sealed under it any more: it may be taken out of SEALING_KEYS' })
  isRemovable: boolean;
}

export class SealingKeysView {
  @ApiProperty({ description: 'The version that new lists are sealed under' })
  current: number;

  @ApiProperty({ type: [SealingKeyView] })
  versions: SealingKeyView[];

  @ApiProperty({ type: KeyRotationView, nullable: true, description: 'The latest rotation' })
  rotation: KeyRotationView | null;
}
