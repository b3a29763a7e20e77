/** What other services are told of. */
export const eventTypes = [
  'person.registered',
  'person.changed',
  'person.moved',
  'person.died',
  'person.merged',
  'person.unmerged',
  'employer.closed',
  'dossier.received',
  'dossier.decided',
  'dossier.withdrawn',
] as const;

export type EventType = (typeof eventTypes)[number];
