import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { copyValue } from '@ansinh/copy-text';
import { asSystem, copyInto, limitStatement, type Transaction, violatedConstraint } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { type ListFormat, readList, rowsOf } from '@ansinh/payment-list';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { streamOf } from '@ansinh/service';
import { digestOfFile, formatOf, listTypes, refusingList, withSpooled } from '@ansinh/uploads';
import { digestOf } from '../audit/record-digest.js';
import type { InsuranceListView } from './insurance.dto.js';
import { insuranceProblems } from './insurance.problems.js';
import { type Answer, answerColumns, readAnswer } from './insurance-row.js';

const bytesMax = 512 * 1024 ** 2;
const secondsMax = 600;
/** Rows after which others get their turn on this thread. */
const rowsPerTurn = 1_000;
/** Flaws that one refusal tells. */
const flawsMax = 100;

/** Answers of the insurance office. They are facts that decide money: a list with a flaw is not taken at all. */
@Injectable()
export class InsuranceService {
  constructor(
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /**
   * @throws ProblemError INSURANCE_LIST_FLAWED, INSURANCE_LIST_REPEATED, LIST_REFUSED, UNSUPPORTED_MEDIA_TYPE,
   *   PAYLOAD_TOO_LARGE
   */
  async confirm(request: FastifyRequest, command: Command): Promise<InsuranceListView> {
    const format = formatOf(request.headers['content-type']);
    return withSpooled(streamOf(request, listTypes), bytesMax, async (path) => {
      const fileDigest = await digestOfFile(path);
      return this.commands.run(command, 'support.insurance.confirm', async (tx) => {
        await limitStatement(tx, secondsMax);
        const id = uuidv7();
        const { actor } = command;
        await tx.query(
          `INSERT INTO insurance_list (id, office_code, file_digest, rows, created_by, created_by_name)
           VALUES ($1, $2, $3, 0, $4, $5)`,
          [id, actor.office, fileDigest, actor.id, actor.name],
        );
        // COPY, which PostgreSQL refuses where policies hold.
        const rows = await refusingList(() => asSystem(tx, () => this.copyAnswers(tx, { id, path, format })));
        const [result] = (await tx.query(
          `UPDATE insurance_list SET rows = $2 WHERE id = $1
           RETURNING id, file_digest AS "fileDigest", rows, created_by AS "createdBy",
             to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt"`,
          [id, rows],
        )) as [[InsuranceListView], number];
        const after = await digestOf(tx, 'insuranceList', id);
        const facts = { fileDigest, rows };
        return { result: result[0], subject: `insurance-list/${id}`, before: null, after, facts };
      });
    });
  }

  private async copyAnswers(
    tx: Transaction,
    { id, path, format }: { id: string; path: string; format: ListFormat },
  ): Promise<number> {
    const target = await copyInto(
      tx,
      'insurance_fact (person_key, month, employer_tax_code, list_id, row_no, is_insured)',
    );
    const flaws: ConstructorParameters<typeof ProblemError>[1] = { errors: [] };
    let rows = 0;
    try {
      for await (const part of readList(createReadStream(path), format, answerColumns).parts()) {
        for (const raw of rowsOf(part)) {
          rows += 1;
          const answer = readAnswer(raw);
          if ('column' in answer) {
            flaws.errors!.push({
              pointer: `/rows/${raw.row}/${answer.column}`,
              code: 'cell',
              detail: answer.text,
            });
            if (flaws.errors!.length === flawsMax) throw new ProblemError(insuranceProblems.flawed, flaws);
          } else if (!target.write(this.lineOf(id, raw.row, answer))) await once(target, 'drain');
          if (rows % rowsPerTurn === 0) await setImmediate();
        }
      }
      if (flaws.errors!.length > 0) throw new ProblemError(insuranceProblems.flawed, flaws);
      target.end();
      await finished(target);
    } catch (error) {
      target.on('error', () => undefined).destroy();
      if (violatedConstraint(error) === 'insurance_fact_pkey')
        throw new ProblemError(insuranceProblems.repeated);
      throw error;
    }
    await tx.query('ANALYZE insurance_fact');
    return rows;
  }

  private lineOf(id: string, row: number, { citizenNumber, month, taxCode, isInsured }: Answer): string {
    const key = this.sealer.lookupKey('payee', citizenNumber);
    return `${[key, month, taxCode, id, row, isInsured].map(copyValue).join('\t')}\n`;
  }
}
