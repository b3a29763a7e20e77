import { isUUID } from 'class-validator';
import type { AuthenticatedRequest } from '@ansinh/auth';
import { type ProblemDefinition, ProblemError } from '@ansinh/problem';
import type { RequestLoader } from './request-loader.js';

/** How another subgraph names one of our records. */
export interface EntityReference {
  id: string;
}

/** The record behind a reference; null where there is none, or none that the caller may see. */
export async function byReference<View>(
  loader: RequestLoader<string, View>,
  { id }: EntityReference,
  request: AuthenticatedRequest,
): Promise<View | null> {
  return isUUID(id) ? loader.of(request).load(id) : null;
}

/** @throws ProblemError `problem` where the loader found nothing that the caller may see */
export function found<View>(view: View | null, problem: ProblemDefinition): View {
  if (view === null) throw new ProblemError(problem);
  return view;
}
