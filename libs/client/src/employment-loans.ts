import { type ClientOptions, type CommandOptions, Transport } from './transport.js';

/** How far a day is closed. */
export interface DayClosing {
  day: string;
  state: 'closing' | 'closed';
  /** Loans that had to be looked at when it began. */
  loans: number;
  done: number;
  entries: number;
  moves: number;
  startedAt: string;
  closedAt: string | null;
}

/** The employment loans over REST, as `createClient` is for disbursements. */
export function createEmploymentLoansClient(options: ClientOptions) {
  const transport = new Transport(options);
  return {
    closings: {
      /** Starts it; of a day that was started it says how far that is. */
      start: (day: string, command?: CommandOptions) =>
        transport.post<DayClosing>('day-closings', { day }, command),
      /** The latest one; undefined before the first. */
      latest: async () =>
        (await transport.get<{ items: DayClosing[] }>('day-closings', { limit: 1 })).items[0],
    },
  };
}

export type EmploymentLoansClient = ReturnType<typeof createEmploymentLoansClient>;
