import { ApiProperty, IntersectionType, PickType } from '@nestjs/swagger';
import { IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { instantPattern, PageQuery } from '@ansinh/service';

export class AuditEventQuery extends PageQuery {
  @ApiProperty({ required: false, example: 'batch/LO-00000042' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  subject?: string;

  @ApiProperty({ required: false, description: 'Identity of who did it' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  actor?: string;

  @ApiProperty({ required: false, example: 'batch.approve' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  verb?: string;

  @ApiProperty({ required: false, format: 'date-time' })
  @IsOptional()
  @Matches(instantPattern)
  @IsISO8601({ strict: true })
  from?: string;

  @ApiProperty({ required: false, format: 'date-time', description: 'Before this instant' })
  @IsOptional()
  @Matches(instantPattern)
  @IsISO8601({ strict: true })
  to?: string;
}

class AuditEventContent {
  @ApiProperty({ description: 'Place in the log: 1, 2, 3 … without a gap' })
  seq: string;

  @ApiProperty({ example: '2026-11-25T05:27:25.123456Z' })
  at: string;

  @ApiProperty()
  actorId: string;

  @ApiProperty()
  actorName: string;

  @ApiProperty()
  office: string;

  @ApiProperty({ example: 'batch.approve' })
  verb: string;

  @ApiProperty({ example: 'batch/LO-00000042' })
  subject: string;

  @ApiProperty()
  requestId: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'SHA-256 of the record before; null: there was none',
  })
  before: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 of the record after' })
  after: string | null;

  @ApiProperty({ description: 'JSON, hashed by its characters as they are' })
  facts: string;
}

class AuditEventLinks {
  @ApiProperty({ description: 'Hash of the event before; 64 zeros for the first' })
  previousHash: string;

  @ApiProperty({ description: 'SHA-256 over the fields and the hash of the event before, as netstrings' })
  hash: string;
}

export class AuditEventView extends IntersectionType(AuditEventContent, AuditEventLinks) {}

export class AuditEventPage {
  @ApiProperty({ type: [AuditEventView] })
  items: AuditEventView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class AuditRootView {
  @ApiProperty({ example: 'ansinh/disbursements' })
  log: string;

  @ApiProperty({ format: 'date', description: 'Day of Viet Nam; each has a root, also one without events' })
  day: string;

  @ApiProperty()
  firstSeq: string;

  @ApiProperty()
  events: number;

  @ApiProperty({ description: 'Merkle tree hash (RFC 6962) over the hashes of the day’s events' })
  treeRoot: string;

  @ApiProperty({ description: 'Hash of the last event up to the end of the day' })
  chainHash: string;

  @ApiProperty({ description: 'SHA-256 of what was signed for the day before; 64 zeros for the first' })
  previousRoot: string;

  @ApiProperty({ description: 'SHA-256 of the public key (DER)' })
  keyFingerprint: string;

  @ApiProperty({ description: 'Ed25519, base64' })
  signature: string;
}

export class AuditRootPage {
  @ApiProperty({ type: [AuditRootView] })
  items: AuditRootView[];

  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

export class AuditProofView {
  @ApiProperty({ enum: ['ansinh-audit-proof-1'] })
  format: 'ansinh-audit-proof-1';

  @ApiProperty({ type: AuditEventView })
  event: AuditEventView;

  @ApiProperty({ type: [String], description: 'Hashes beside the way to the root, the nearest first' })
  path: string[];

  @ApiProperty({ type: AuditRootView })
  root: AuditRootView;
}

class AuditKeyView {
  @ApiProperty()
  fingerprint: string;

  @ApiProperty({ description: 'PEM' })
  publicKey: string;

  @ApiProperty({ format: 'date-time' })
  since: string;
}

class AuditHeadView extends PickType(AuditEventView, ['seq', 'hash']) {}

export class AuditLogView {
  @ApiProperty({ example: 'ansinh/disbursements' })
  log: string;

  @ApiProperty({ type: AuditHeadView, description: 'The last event' })
  head: AuditHeadView;

  @ApiProperty({ description: 'The last day that must have a root: yesterday, from one o’clock on' })
  signedUntil: string;

  @ApiProperty({ type: [AuditKeyView] })
  keys: AuditKeyView[];
}
