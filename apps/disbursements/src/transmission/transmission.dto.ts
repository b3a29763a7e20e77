import { ApiProperty } from '@nestjs/swagger';

export class MessageView {
  @ApiProperty()
  number: number;

  @ApiProperty({ example: 'LO-00000042-C00001' })
  messageId: string;

  @ApiProperty({ enum: ['pending', 'sending', 'unknown', 'accepted', 'refused', 'dead'] })
  state: string;

  @ApiProperty()
  payments: number;

  @ApiProperty()
  amount: string;

  @ApiProperty()
  attempts: number;

  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 of the bytes, once sent' })
  digest: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why the last attempt failed' })
  problem: string | null;
}

export class MessageList {
  @ApiProperty({ type: [MessageView] })
  items: MessageView[];
}
