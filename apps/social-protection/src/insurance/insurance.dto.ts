import { ApiProperty } from '@nestjs/swagger';

export class InsuranceListView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ description: 'SHA-256 of the file, hex' })
  fileDigest: string;

  @ApiProperty({ description: 'Answers that it gave: of a person, a month and an employer each' })
  rows: number;

  @ApiProperty()
  createdBy: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}
