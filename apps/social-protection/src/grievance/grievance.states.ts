export const grievanceStates = ['received', 'examining', 'upheld', 'kept', 'corrected', 'withdrawn'] as const;
export type GrievanceState = (typeof grievanceStates)[number];

/** States in which an answer, or the correction that was promised, is owed. */
export const openGrievanceStates = ['received', 'examining', 'upheld'] as const satisfies GrievanceState[];

/** From what was contested to the answer: the decision is kept, or it is wrong and stands corrected by another one. */
export const grievanceRules = [
  { kind: 'received', from: 'none', to: 'received' },
  { kind: 'taken', from: 'received', to: 'examining' },
  { kind: 'noted', from: 'examining', to: 'examining' },
  { kind: 'kept', from: 'examining', to: 'kept' },
  { kind: 'upheld', from: 'examining', to: 'upheld' },
  { kind: 'corrected', from: 'upheld', to: 'corrected' },
  { kind: 'withdrawn', from: 'received', to: 'withdrawn' },
  { kind: 'withdrawn', from: 'examining', to: 'withdrawn' },
] as const satisfies readonly { kind: string; from: GrievanceState | 'none'; to: GrievanceState }[];

export type GrievanceMoveKind = (typeof grievanceRules)[number]['kind'];
