export const recoveryStates = ['proposed', 'approved', 'settled', 'rejected', 'withdrawn', 'ended'] as const;
export type RecoveryState = (typeof recoveryStates)[number];

/**
 * What was paid too much, from the proposal to the last đồng. What is paid back in cash, or waived, is settled as it is approved;
 * what months to come are to give is settled by the approval of the month that gives the last of it. Ended, its rest is owed still.
 */
export const recoveryRules = [
  { kind: 'proposed', from: 'none', to: 'proposed' },
  { kind: 'approved', from: 'proposed', to: 'approved' },
  { kind: 'approved', from: 'proposed', to: 'settled' },
  { kind: 'rejected', from: 'proposed', to: 'rejected' },
  { kind: 'withdrawn', from: 'proposed', to: 'withdrawn' },
  { kind: 'settled', from: 'approved', to: 'settled' },
  { kind: 'ended', from: 'approved', to: 'ended' },
] as const satisfies readonly { kind: string; from: RecoveryState | 'none'; to: RecoveryState }[];

export type RecoveryMoveKind = (typeof recoveryRules)[number]['kind'];

/** How it comes back: out of months to come, in cash by a receipt, or not at all, by a decision. */
export const recoveryManners = ['instalments', 'cash', 'waiver'] as const;
export type RecoveryManner = (typeof recoveryManners)[number];
