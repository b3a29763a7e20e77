import type { DossierOutcome, DossierState } from './registry.js';

/** What an event says of a person: the record as it stood when the event was read, not as it was when it was written. */
export interface RegisteredPerson {
  id: string;
  /** The record that stands for this one since they were merged: what refers to this one is to refer to that. */
  mergedInto: string | null;
  /** Keyed hashes of the citizen numbers, as every service has them; none of a record that was merged into another. */
  numberKeys: string[];
  formerNumberKeys: string[];
  name: string;
  /** The commune of today, and the first day of that residence. */
  placeCode: string;
  residentFrom: string | null;
  diedOn: string | null;
}

export interface ClosedEmployer {
  id: string;
  /** Last day; null where it was opened again since. */
  closedOn: string | null;
}

/** A dossier, as it stood when the event was read. */
export interface ToldDossier {
  id: string;
  code: string;
  procedureCode: string;
  /** The service that decides its procedure. */
  service: string;
  /** What the service that opened it calls it; null where a desk did. */
  reference: string | null;
  /** Who applied: a person or an employer of the register, where the desk knew. */
  personId: string | null;
  employerId: string | null;
  placeCode: string;
  state: DossierState;
  receivedOn: string | null;
  decidedOn: string | null;
  outcome: DossierOutcome | null;
}

/** An event by CloudEvents. One that comes twice says the same: what counts is the record in it. */
export type RegistryEvent = { id: string; time: string } & (
  | {
      type: `person.${'registered' | 'changed' | 'moved' | 'died' | 'merged' | 'unmerged'}`;
      data: RegisteredPerson;
    }
  | { type: 'employer.closed'; data: ClosedEmployer }
  | { type: `dossier.${'received' | 'decided' | 'withdrawn'}`; data: ToldDossier }
);

export interface RegistryEventPage {
  items: RegistryEvent[];
  next: string | null;
  isLast: boolean;
}
