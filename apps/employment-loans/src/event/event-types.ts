/** What others are told of loans. */
export const eventTypes = ['instalment.dueSoon', 'instalment.overdue', 'loan.closed'] as const;
export type EventType = (typeof eventTypes)[number];

/** So many days before it is due, an instalment is told of. */
export const reminderDays = 15;
