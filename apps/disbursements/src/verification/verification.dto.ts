import { ApiProperty } from '@nestjs/swagger';

export class VerificationCheck {
  @ApiProperty()
  name: string;

  @ApiProperty()
  ok: boolean;

  @ApiProperty()
  expected: string;

  @ApiProperty()
  actual: string;
}

export class VerificationView {
  @ApiProperty()
  ok: boolean;

  @ApiProperty({ type: [VerificationCheck] })
  checks: VerificationCheck[];
}
