/** A state machine as data: from each state, the states it may go to. */
export type TransitionTable<State extends string> = Readonly<Record<State, readonly State[]>>;

export function canGo<State extends string>(table: TransitionTable<State>, from: State, to: State): boolean {
  return table[from].includes(to);
}

/** States that no path from `initial` reaches: a defect of the table. */
export function unreachableStates<State extends string>(
  table: TransitionTable<State>,
  initial: State,
): State[] {
  const seen = new Set<State>([initial]);
  for (const state of seen) for (const next of table[state]) seen.add(next);
  return (Object.keys(table) as State[]).filter((state) => !seen.has(state));
}
