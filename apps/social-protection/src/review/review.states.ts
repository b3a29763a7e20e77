export const reviewStates = ['open', 'posted', 'submitted', 'approved'] as const;
export type ReviewState = (typeof reviewStates)[number];

/**
 * The review of a commune's households in a year: households are taken in while it is open; the village agrees, and the result is
 * posted; then the commune or district recognises it. A complaint that is right opens it again, as a rejection does.
 */
export const reviewRules = [
  { kind: 'opened', from: 'none', to: 'open' },
  // Fewer than half agreed: households are looked at again.
  { kind: 'disagreed', from: 'open', to: 'open' },
  { kind: 'posted', from: 'open', to: 'posted' },
  { kind: 'reopened', from: 'posted', to: 'open' },
  { kind: 'submitted', from: 'posted', to: 'submitted' },
  { kind: 'rejected', from: 'submitted', to: 'open' },
  { kind: 'approved', from: 'submitted', to: 'approved' },
  // One of its households, by a correction that was approved.
  { kind: 'corrected', from: 'approved', to: 'approved' },
] as const satisfies readonly { kind: string; from: ReviewState | 'none'; to: ReviewState }[];

export type ReviewMoveKind = (typeof reviewRules)[number]['kind'];

export const correctionStates = ['proposed', 'approved', 'rejected', 'withdrawn'] as const;
export type CorrectionState = (typeof correctionStates)[number];

/** A household of an approved review, as it is to be: proposed by one, approved by another. */
export const correctionRules = [
  { kind: 'proposed', from: 'none', to: 'proposed' },
  { kind: 'approved', from: 'proposed', to: 'approved' },
  { kind: 'rejected', from: 'proposed', to: 'rejected' },
  { kind: 'withdrawn', from: 'proposed', to: 'withdrawn' },
] as const satisfies readonly { kind: string; from: CorrectionState | 'none'; to: CorrectionState }[];

export type CorrectionMoveKind = (typeof correctionRules)[number]['kind'];
