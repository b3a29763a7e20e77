import type { SignedRoot } from '@ansinh/audit-chain';
import type { Transaction } from '@ansinh/database';

/** What the roots of the service's log say that they are of. */
export const auditLogName = Symbol('name of the audit log');

/** An event, every field as the text that is hashed. */
export const entryColumns = `seq::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
  actor_id AS "actorId", actor_name AS "actorName", office, verb, subject, request_id AS "requestId",
  before_digest AS before, after_digest AS after, facts::text AS facts, previous_hash AS "previousHash", hash`;

/** @param log a name in our own code */
export const rootColumns = (
  log: string,
) => `'${log}' AS log, day::text, first_seq::text AS "firstSeq", events,
  tree_root AS "treeRoot", chain_hash AS "chainHash", previous_root AS "previousRoot",
  key_fingerprint AS "keyFingerprint", signature`;

export async function lastRoot(tx: Transaction, log: string): Promise<SignedRoot | null> {
  const [root] = (await tx.query(
    `SELECT ${rootColumns(log)} FROM audit_root ORDER BY day DESC LIMIT 1`,
  )) as SignedRoot[];
  return root ?? null;
}
