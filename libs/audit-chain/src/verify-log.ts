import { type AuditHead, ChainVerifier, type LogEntry } from './chain-verifier.js';
import type { AuditFinding } from './finding.js';
import { type RootsToVerify, RootVerifier } from './root-verifier.js';

export interface LogToVerify extends RootsToVerify {
  /** Every event, in order. */
  entries: AsyncIterable<LogEntry>;
  /** Where the log ended before the entries were asked for. */
  head: AuditHead;
  /** Where it ends when they have been read: it may have grown. */
  headAfter: () => Promise<AuditHead>;
  onEntry?: (seq: string) => void;
}

export interface Verified {
  events: number;
  /** Of other offices: their hashes were used, their content was not seen. */
  hidden: number;
  findings: AuditFinding[];
}

/** Recomputes a whole log and all its roots in one reading; memory grows with the days, not with the events. */
export async function verifyLog(log: LogToVerify): Promise<Verified> {
  const [chain, roots] = [new ChainVerifier(), new RootVerifier(log)];
  let [events, hidden] = [0, 0];
  for await (const entry of log.entries) {
    chain.add(entry);
    roots.add(entry, chain.isSound);
    events += 1;
    if (!('at' in entry)) hidden += 1;
    log.onEntry?.(entry.seq);
  }
  const found = chain.finish({ before: log.head, after: await log.headAfter() });
  const isCutOff = found.some(({ kind, to }) => kind === 'deleted' && to === null);
  const ofRoots = roots.finish(chain.lastSeq).filter(({ kind }) => !(isCutOff && kind === 'deleted'));
  return { events, hidden, findings: [...found, ...ofRoots] };
}
