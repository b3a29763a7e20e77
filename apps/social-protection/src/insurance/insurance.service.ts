import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { copyValue } from '@ansinh/copy-text';
import { asSystem, copyInto, limitStatement, type Transaction, violatedConstraint } from '@ansinh/database';
import { type Command, Commands, withFile } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { streamOf } from '@ansinh/service';
import { digestOfFile, formatOf, listTypes, refusingList, withSpooled } from '@ansinh/uploads';
import { digestOf } from '../audit/record-digest.js';
import type { InsuranceListView } from './insurance.dto.js';
import { insuranceProblems } from './insurance.problems.js';
import { type Answer, readAnswer } from './insurance-row.js';
import { type AnswerFile, keepRefused, type RefusedAnswers, rowsInTurns } from './refused-answers.js';

const bytesMax = 512 * 1024 ** 2;
const secondsMax = 600;

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
    const result = await withSpooled(streamOf(request, listTypes), bytesMax, async (path) => {
      const fileDigest = await digestOfFile(path);
      return this.commands.run<InsuranceListView | { refused: RefusedAnswers }>(
        withFile(command, fileDigest),
        'support.insurance.confirm',
        async (tx) => {
          await limitStatement(tx, secondsMax);
          const id = uuidv7();
          const { actor } = command;
          await tx.query(
            `INSERT INTO insurance_list (id, office_code, file_digest, rows, created_by, created_by_name)
             VALUES ($1, $2, $3, 0, $4, $5)`,
            [id, actor.office, fileDigest, actor.id, actor.name],
          );
          // COPY, which PostgreSQL refuses where policies hold.
          const refused = await refusingList(() => asSystem(tx, () => this.take(tx, { id, path, format })));
          const [view] = (await tx.query(
            `SELECT id, file_digest AS "fileDigest", rows, created_by AS "createdBy",
               to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt"
             FROM insurance_list WHERE id = $1`,
            [id],
          )) as [InsuranceListView];
          const after = await digestOf(tx, 'insuranceList', id);
          const facts = { fileDigest, rows: view.rows, blocked: refused?.blocked ?? 0 };
          const result = refused ? { refused } : view;
          return { result, subject: `insurance-list/${id}`, before: null, after, facts };
        },
      );
    });
    // Thrown here, since what is thrown inside leaves nothing of the list that is to be given back.
    if ('refused' in result) throw refusal(result.refused);
    return result;
  }

  /** @returns what is kept of the list where it is refused; null where it is taken, whole */
  private async take(tx: Transaction, file: AnswerFile): Promise<RefusedAnswers | null> {
    await tx.query('SAVEPOINT taken');
    const rows = await this.copyAnswers(tx, file);
    if (rows === null) {
      await tx.query('ROLLBACK TO SAVEPOINT taken');
      return keepRefused(tx, file, this.sealer);
    }
    await tx.query('UPDATE insurance_list SET rows = $2 WHERE id = $1', [file.id, rows]);
    await tx.query('ANALYZE insurance_fact');
    return null;
  }

  /** @returns how many they are; null where one of them cannot be read, or stands twice */
  private async copyAnswers(tx: Transaction, file: AnswerFile): Promise<number | null> {
    const target = await copyInto(
      tx,
      'insurance_fact (person_key, month, employer_tax_code, list_id, row_no, is_insured)',
    );
    const letGo = () => target.on('error', () => undefined).destroy();
    let count = 0;
    try {
      for await (const rows of rowsInTurns(file)) {
        let lines = '';
        for (const raw of rows) {
          const answer = readAnswer(raw);
          if (Array.isArray(answer)) {
            letGo();
            return null;
          }
          lines += this.lineOf(file.id, raw.row, answer);
        }
        count += rows.length;
        if (!target.write(lines)) await once(target, 'drain');
      }
      target.end();
      await finished(target);
    } catch (error) {
      letGo();
      if (violatedConstraint(error) === 'insurance_fact_pkey') return null;
      throw error;
    }
    return count;
  }

  private lineOf(id: string, row: number, { citizenNumber, month, taxCode, isInsured }: Answer): string {
    const key = this.sealer.lookupKey('payee', citizenNumber);
    return `${[key, month, taxCode, id, row, isInsured].map(copyValue).join('\t')}\n`;
  }
}

function refusal({ id, isRepeated, errors }: RefusedAnswers): ProblemError {
  const address = `/v1/insurance-lists/${id}/list`;
  return new ProblemError(isRepeated ? insuranceProblems.repeated : insuranceProblems.flawed, {
    detail: {
      vi: `Danh sách kèm ghi chú từng dòng: ${address}.`,
      en: `The list with its remarks is at ${address}.`,
    },
    errors,
    extensions: { listId: id },
  });
}
