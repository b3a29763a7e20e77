import { ProblemError } from './errors.js';

export interface EnteringList {
  id: string;
  kind: string;
  /** Rows taken up so far, of how many. */
  applied: number;
  rows: number;
}

interface Calls<List> {
  enterNext(id: string): Promise<List>;
  get(id: string): Promise<List>;
}

/**
 * Enters all that is left of a list: of people two chunks at a time, for each is work of one core of the database.
 * @param onProgress with what was taken up, which only grows
 * @throws the first error of a chunk, once the other one that was on its way has ended too
 */
export async function enterList<List extends EnteringList>(
  list: List,
  { enterNext, get }: Calls<List>,
  onProgress?: (newest: List) => void,
): Promise<List> {
  let newest = list;
  let isOver = false;
  const enterOne = async () => {
    try {
      const view = await enterNext(list.id);
      if (view.applied <= newest.applied) return;
      newest = view;
      onProgress?.(newest);
    } catch (error) {
      // No chunk is begun any more. Somebody else may have entered the last one.
      isOver = true;
      if (!(error instanceof ProblemError && error.problem.code === 'IMPORT_DONE')) throw error;
    }
  };
  const lane = async () => {
    while (!isOver && newest.applied < newest.rows) await enterOne();
  };
  // The first chunk of a list goes alone.
  if (newest.applied < newest.rows) await enterOne();
  const ends = await Promise.allSettled(list.kind === 'people' ? [lane(), lane()] : [lane()]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return isOver ? get(list.id) : newest;
}
