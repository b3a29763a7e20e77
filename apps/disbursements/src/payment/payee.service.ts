import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { scopeOf } from '@ansinh/auth';
import { inTransaction, type Transaction } from '@ansinh/database';
import { maskAccount, maskCitizenNumber, maskNumbersIn } from '@ansinh/identity';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { endToEndId, readEndToEndId } from '../batch/batch-code.js';
import { Batch } from '../batch/batch.entity.js';
import { batchProblems } from '../batch/batch.problems.js';
import { findBatch, subjectOf } from '../batch/batch.service.js';
import { openLines } from '../list-import/sealed-lines.js';
import type { PayeeView } from './payment.dto.js';
import { paymentProblems } from './payment.problems.js';

/** Who is behind one line: masked, or whole for a stated purpose. */
@Injectable()
export class PayeeService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /** @throws ProblemError BATCH_NOT_FOUND, LINE_NOT_FOUND, UNMASKING_REFUSED */
  async ofRow(batchId: string, row: number, reader: Reader): Promise<PayeeView> {
    return inTransaction(this.dataSource, scopeOf(reader.actor), async (tx) =>
      this.read(tx, await findBatch(tx, batchId), row, reader),
    );
  }

  /** @throws ProblemError BATCH_NOT_FOUND, LINE_NOT_FOUND, UNMASKING_REFUSED */
  async ofPayment(id: string, reader: Reader): Promise<PayeeView> {
    const key = readEndToEndId(id);
    if (!key) throw new ProblemError(paymentProblems.lineNotFound);
    return inTransaction(this.dataSource, scopeOf(reader.actor), async (tx) => {
      const batch = await tx.findOneBy(Batch, { number: key.batchNumber });
      if (!batch) throw new ProblemError(batchProblems.notFound);
      return this.read(tx, batch, key.row, reader);
    });
  }

  private async read(tx: Transaction, batch: Batch, row: number, reader: Reader): Promise<PayeeView> {
    const [line] = (await tx.query(
      'SELECT payee_name, bank_bin FROM payment_line WHERE batch_number = $1 AND row_no = $2::numeric',
      [batch.number, row],
    )) as { payee_name: string | null; bank_bin: string | null }[];
    if (!line) throw new ProblemError(paymentProblems.lineNotFound);
    const isMasked = reader.purpose === null;
    if (!isMasked) {
      await recordAccess(tx, reader, requirePurpose(reader, false), {
        office: batch.officeCode,
        subject: `${subjectOf(batch)}/payments/${row}`,
        rows: { first: row, last: row },
        numbers: 2,
      });
    }
    const sealed = (await openLines(tx, this.sealer, batch.number, row, row)).get(row)!;
    const shown = (text: string | null, mask: (text: string) => string) =>
      text === null || !isMasked ? text : mask(text);
    return {
      endToEndId: endToEndId(batch.number, row),
      isMasked,
      payeeName: shown(line.payee_name, maskNumbersIn),
      payeeId: shown(sealed.payeeId, maskCitizenNumber),
      bankBin: line.bank_bin,
      account: shown(sealed.account, maskAccount),
    };
  }
}
