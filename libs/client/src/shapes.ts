/** Shapes that the REST contracts of all services have alike. Amounts are strings of đồng, instants ISO 8601, days `YYYY-MM-DD`. */

export type Language = 'vi' | 'en';

export interface Text {
  vi: string;
  en: string;
}

/** One keyset page; `next` is the cursor to pass as `after`, null on the last page. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface PageQuery {
  limit?: number;
  after?: string;
}

/** A list that is short enough to come at once. */
export interface List<T> {
  items: T[];
}

/** The body of a refusal by RFC 9457; `code` is what a program branches on. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code?: string;
  instance?: string;
  errors?: { pointer: string; code: string; detail: string }[];
}

export type PurposeCode =
  | 'bankFile'
  | 'cashList'
  | 'listCorrection'
  | 'listCheck'
  | 'returnFollowUp'
  | 'dossierWork'
  | 'grievance'
  | 'inspection'
  | 'investigation';

/** Why whole numbers of people are needed: kept in the access log. The note has 10 to 300 characters. */
export interface AccessPurpose {
  code: PurposeCode;
  note: string;
}

/** One reading of whole numbers. */
export interface Access {
  id: string;
  at: string;
  actor: string;
  name: string;
  actorOffice: string;
  office: string;
  /** e.g. `batch/LO-00000042/messages/3` */
  subject: string;
  firstRow: number;
  lastRow: number;
  numbers: number;
  purpose: PurposeCode;
  note: string;
  requestId: string;
}

export interface KeyRotation {
  id: string;
  state: 'running' | 'finished';
  toVersion: number;
  /** Blocks under older versions at the start, and those sealed anew since. */
  blocks: number;
  resealed: number;
  problem: string | null;
  startedBy: string;
  startedAt: string;
  finishedAt: string | null;
}

export interface SealingKeys {
  current: number;
  versions: { version: number; blocks: number; isGiven: boolean; isRemovable: boolean }[];
  rotation: KeyRotation | null;
}

export type ListType =
  'text/csv' | 'application/x-ndjson' | 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
