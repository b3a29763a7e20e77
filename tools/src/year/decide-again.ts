import pg from 'pg';
import { openPolicy, readFacts } from '@ansinh/policy';

/** Decisions of a page. */
const pageRows = 5_000;
/** As the social protection names its own province, for which nothing was added to the law here. */
const province = 'own';

interface KeptDecision {
  id: string;
  programme: string;
  decidedOn: string;
  facts: Record<string, unknown>;
  digest: string;
}

export interface DecidedAgain {
  decisions: number;
  /** Those of another digest: law or facts would not be what they were. */
  differing: number;
}

/** Every decision that was made, made once more from the facts that were kept, outside the service that made it. */
export async function decideAllAgain(connectionString: string): Promise<DecidedAgain> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const policy = openPolicy({ province });
  const counts = { decisions: 0, differing: 0 };
  try {
    for (let after: string | null = null; ;) {
      const { rows }: { rows: KeptDecision[] } = await client.query(pageOfDecisions, [after, pageRows]);
      for (const { programme, decidedOn, facts, digest } of rows) {
        const declared = policy.catalogue.programmes[programme]!.facts;
        const again = policy.evaluate(programme, readFacts(declared, facts), decidedOn);
        if (again.digest !== digest) counts.differing += 1;
      }
      counts.decisions += rows.length;
      if (rows.length < pageRows) return counts;
      after = rows.at(-1)!.id;
    }
  } finally {
    await client.end();
  }
}

const pageOfDecisions = `
SELECT d.id, run.programme, run.decided_on::text AS "decidedOn", d.facts, encode(d.digest, 'hex') AS digest
FROM decision d JOIN support_run run ON run.id = d.run_id
WHERE $1::uuid IS NULL OR d.id > $1 ORDER BY d.id LIMIT $2`;
