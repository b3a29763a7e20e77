import type { QueryRunner } from 'typeorm';
import type { AuditFinding } from '@ansinh/audit-chain';
import { daysAgo } from './audit-log.js';

/** What somebody with all rights over the database, but without the signing key, may do; and what is said of it. */
export const auditPlants: [
  what: string,
  plant: string | ((runner: QueryRunner) => Promise<unknown>),
  found: AuditFinding[],
][] = [
  ['edit', `UPDATE audit_event SET facts = '{}' WHERE seq = 4`, [{ kind: 'edited', seq: '4', to: '4' }]],
  [
    'edit of an instant',
    `UPDATE audit_event SET at = at + interval '1 microsecond' WHERE seq = 4`,
    [{ kind: 'edited', seq: '4', to: '4' }],
  ],
  [
    'edit of a hash',
    `UPDATE audit_event SET hash = repeat('a', 64) WHERE seq = 7`,
    [{ kind: 'edited', seq: '7', to: '7' }],
  ],
  [
    'edit with its hash',
    (runner) => rehash(runner, `verb = 'x'`, 7, 7),
    [{ kind: 'edited', seq: '7', to: '7' }],
  ],
  [
    'edit of the last, with its hash',
    (runner) => rehash(runner, `verb = 'x'`, 16, 16),
    [{ kind: 'edited', seq: '16', to: '16' }],
  ],
  ['deletion', `DELETE FROM audit_event WHERE seq = 4`, [{ kind: 'deleted', seq: '3', to: '5' }]],
  [
    'deletion of the first',
    `DELETE FROM audit_event WHERE seq < 3`,
    [{ kind: 'deleted', seq: '0', to: '3' }],
  ],
  [
    'deletion of the end',
    `DELETE FROM audit_event WHERE seq > 13`,
    [{ kind: 'deleted', seq: '13', to: null }],
  ],
  [
    'deletion of the end, head too',
    `DELETE FROM audit_event WHERE seq > 8; UPDATE audit_head SET seq = 8, hash = (SELECT hash FROM audit_event WHERE seq = 8)`,
    [{ kind: 'deleted', seq: '8', to: null, day: daysAgo(2) }],
  ],
  ['deletion of all', `DELETE FROM audit_event`, [{ kind: 'deleted', seq: '0', to: null }]],
  [
    'deletion with the gap closed',
    `DELETE FROM audit_event WHERE seq = 4; UPDATE audit_event SET seq = -seq WHERE seq > 4;
   UPDATE audit_event SET seq = -seq - 1 WHERE seq < 0; UPDATE audit_head SET seq = seq - 1`,
    [{ kind: 'deleted', seq: '3', to: '5' }],
  ],
  ['insertion', (runner) => insert(runner, 7, false), [{ kind: 'inserted', seq: '7', to: '7' }]],
  ['insertion with its hash', (runner) => insert(runner, 7, true), [{ kind: 'inserted', seq: '7', to: '7' }]],
  [
    'insertion behind the end',
    `INSERT INTO audit_event SELECT (event).* FROM (
     SELECT jsonb_populate_record(audit_event, '{"seq": 17}') AS event FROM audit_event WHERE seq = 16) made`,
    [{ kind: 'inserted', seq: '17', to: '17' }],
  ],
  [
    'swap',
    swap(4, 5),
    [
      { kind: 'moved', seq: '4', to: '4', from: '5' },
      { kind: 'moved', seq: '5', to: '5', from: '4' },
    ],
  ],
  [
    'swap of two far apart',
    swap(2, 12),
    [
      { kind: 'moved', seq: '2', to: '2', from: '12' },
      { kind: 'moved', seq: '12', to: '12', from: '2' },
    ],
  ],
  [
    'edit, and the whole chain after it',
    (runner) => rehash(runner, `verb = 'x'`, 7, 16),
    [{ kind: 'rewritten', seq: '6', to: '10', day: daysAgo(2) }],
  ],
  [
    'insertion, and the whole chain after it',
    (runner) => insert(runner, 4, true, true),
    [{ kind: 'rewritten', seq: '3', to: '5', day: daysAgo(5) }],
  ],
  [
    'a root that is gone',
    `DELETE FROM audit_root WHERE day = '${daysAgo(4)}'`,
    [{ kind: 'rootMissing', day: daysAgo(4), toDay: daysAgo(4) }],
  ],
  [
    'the last root gone',
    `DELETE FROM audit_root WHERE day = '${daysAgo(1)}'`,
    [{ kind: 'rootMissing', day: daysAgo(1), toDay: daysAgo(1) }],
  ],
  ['all roots gone', `DELETE FROM audit_root`, [{ kind: 'rootMissing', day: daysAgo(6), toDay: daysAgo(1) }]],
  [
    'a root that was changed',
    `UPDATE audit_root SET chain_hash = repeat('b', 64) WHERE day = '${daysAgo(1)}'`,
    [{ kind: 'rootUnsigned', day: daysAgo(1) }],
  ],
];

function swap(one: number, other: number): string {
  return `UPDATE audit_event SET seq = -seq WHERE seq IN (${one}, ${other});
  UPDATE audit_event SET seq = ${one + other} + seq WHERE seq < 0`;
}

/** Changes an event and computes hashes anew, from there to `last`. */
async function rehash(runner: QueryRunner, set: string, first: number, last: number): Promise<void> {
  await runner.query(`UPDATE audit_event SET ${set} WHERE seq = ${first}`);
  for (let seq = first; seq <= last; seq += 1) {
    await runner.query(
      `UPDATE audit_event SET previous_hash = (SELECT hash FROM audit_event WHERE seq = ${seq - 1}) WHERE seq = ${seq}`,
    );
    await runner.query(`UPDATE audit_event SET hash = audit_hash(audit_event) WHERE seq = ${seq}`);
  }
  // Of one event alone the head is left as it was: who changes both before the day is signed is not found.
  if (first < last)
    await runner.query(
      'UPDATE audit_head SET hash = (SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1)',
    );
}

async function insert(runner: QueryRunner, at: number, isHashed: boolean, isWhole = false): Promise<void> {
  await runner.query(`UPDATE audit_event SET seq = -seq WHERE seq >= ${at};
  UPDATE audit_event SET seq = 1 - seq WHERE seq < 0; UPDATE audit_head SET seq = seq + 1`);
  await runner.query(`INSERT INTO audit_event SELECT (event).* FROM (
  SELECT jsonb_populate_record(audit_event, '{"seq": ${at}, "verb": "y"}') AS event
  FROM audit_event WHERE seq = ${at - 1}) made`);
  if (isHashed) await rehash(runner, `verb = 'y'`, at, isWhole ? 17 : at);
}
