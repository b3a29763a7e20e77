import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAudit, worker } from '@ansinh/audit';
import {
  inTransaction,
  limitStatement,
  mayWaitForBeside,
  rowsBeside,
  type Transaction,
} from '@ansinh/database';
import { digestOf } from '../audit/record-digest.js';
import { BankProfiles, keepProfile } from '../bank-profile/bank-profiles.js';
import { Batch } from '../batch/batch.entity.js';
import { moveBatch, subjectOf } from '../batch/batch.service.js';
import { postCash } from '../channel/post-cash.js';
import { Fund } from '../fund/fund.entity.js';
import { balanceOf } from '../fund/ledger.js';
import { outcomeOf } from '../outcome.js';
import { findingCatalogue, type FindingCode, type Severity } from '@ansinh/payment-list';
import { findPlace, placeCodesUnder, placeToday, placeVersions } from '@ansinh/places';
import { Programme } from '../programme/programme.entity.js';
import {
  applySeverities,
  applyWaivers,
  bankStatements,
  cashPlaceMissing,
  checkStatements,
  keepAgain,
  repeatPayees,
  setAside,
  sharedAccountsBeside,
  wrongAccountReasons,
} from './check.sql.js';
import { duplicatePerson, placesOfList, registryFindings, registryUnread } from './registry-check.sql.js';

const checkSecondsMax = 300;
/** The registry is read every second; one that was silent for so long is worth a word. */
const registryOldHours = 24;

type SeverityOf = (code: FindingCode) => Severity;

/** What a second connection reads of the list meanwhile. */
interface ReadBeside {
  places: { code: string; period: string }[];
  /** Arrays as PostgreSQL writes them; null where too many lines share an account. */
  shared: { rows: string | null; payees: string | null };
}

/** Finds in a list what single lines do not show. Run by the worker; running it again gives the same findings. */
@Injectable()
export class CheckService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly profiles: BankProfiles,
  ) {}

  /** Does nothing when the batch is not waiting for a check: hints may come twice. */
  async check(batchId: string): Promise<void> {
    await inTransaction(this.dataSource, 'system', async (tx) => {
      await tx.query('SELECT FROM batch WHERE id = $1 FOR NO KEY UPDATE', [batchId]);
      const batch = await tx.findOneBy(Batch, { id: batchId });
      if (batch?.state !== 'checking') return;
      const before = await digestOf(tx, 'batch', batchId);
      await limitStatement(tx, checkSecondsMax);
      await mayWaitForBeside(tx, checkSecondsMax);
      const severityOf = await severities(tx, batch.programmeCode);
      const beside = outcomeOf(this.readBeside(batch));
      try {
        await this.findAnew(tx, batch, severityOf, async () => (await beside)());
      } finally {
        await beside;
      }
      await this.checkFund(tx, batch, severityOf('INSUFFICIENT_FUND'));
      await moveBatch(tx, batch, 'checked');
      await recordAudit(tx, {
        ...worker,
        office: batch.officeCode,
        verb: 'batch.check',
        subject: subjectOf(batch),
        before,
        after: await digestOf(tx, 'batch', batchId),
        requestId: `check-${batch.importNumber}`,
      });
    });
  }

  /**
   * Half of a check is two questions that change nothing, and the transaction keeps one core busy. It has locked the batch, so the
   * list that stands is the one it checks.
   */
  private async readBeside({ number }: Batch): Promise<ReadBeside> {
    const read = <Row>(sql: string) =>
      rowsBeside<Row>(this.dataSource, 'system', { sql, parameters: [number], secondsMax: checkSecondsMax });
    const places = await read<ReadBeside['places'][number]>(placesOfList);
    const [shared] = await read<ReadBeside['shared']>(sharedAccountsBeside);
    return { places, shared: shared! };
  }

  private async findAnew(
    tx: Transaction,
    batch: Batch,
    severityOf: SeverityOf,
    beside: () => Promise<ReadBeside>,
  ): Promise<void> {
    const number = batch.number;
    await tx.query(keepAgain, [number]);
    await tx.query('DELETE FROM finding WHERE batch_number = $1 AND code = ANY($2)', [
      number,
      wholeListCodes,
    ]);
    const run = (name: keyof typeof checkStatements, code: FindingCode, ...rule: unknown[]) =>
      tx.query(checkStatements[name], [number, severityOf(code), ...rule]);
    // Each round works on the lines that the round before left standing.
    await run('PROGRAMME_NOT_FUNDED', 'PROGRAMME_NOT_FUNDED');
    await run('AMOUNT_OUT_OF_BOUNDS', 'AMOUNT_OUT_OF_BOUNDS');
    if (batch.channel === postCash)
      await tx.query(cashPlaceMissing, [number, severityOf('CASH_PLACE_MISSING')]);
    else await this.askBank(tx, batch, severityOf);
    await tx.query(repeatPayees, [number]);
    await tx.query('ANALYZE line_of_repeated_payee');
    await run('NAME_MISMATCH', 'NAME_MISMATCH');
    await run('NAME_MISMATCH_EARLIER', 'NAME_MISMATCH');
    const { places, shared } = await beside();
    await this.askRegistry(tx, batch, severityOf, places);
    if (shared.rows === null) await run('SHARED_ACCOUNT', 'SHARED_ACCOUNT');
    else await run('SHARED_ACCOUNT_FOUND', 'SHARED_ACCOUNT', shared.rows, shared.payees);
    await run('UNEXPLAINED_PAYMENT', 'UNEXPLAINED_PAYMENT');
    if (batch.followUpOf !== null) {
      await run('RETURNED_ACCOUNT', 'RETURNED_ACCOUNT', wrongAccountReasons);
      await run('SAME_ACCOUNT_AGAIN', 'SAME_ACCOUNT_AGAIN', wrongAccountReasons);
    }
    await this.settleFindings(tx, batch, severityOf);
    await run('DUPLICATE_OBLIGATION', 'DUPLICATE_OBLIGATION');
    await tx.query(setAside, [number]);
    await run('DUPLICATE_IN_LIST', 'DUPLICATE_IN_LIST');
    await tx.query(setAside, [number]);
    await tx.query(duplicatePerson, [number, severityOf('DUPLICATE_PERSON')]);
    await tx.query(setAside, [number]);
  }

  /** What the payer's bank would refuse, by its profile of today; the batch keeps that profile from here on. */
  private async askBank(tx: Transaction, batch: Batch, severityOf: SeverityOf): Promise<void> {
    const { accountBin } = await tx.findOneByOrFail(Fund, { id: batch.fundId });
    const profile = this.profiles.of(accountBin);
    await keepProfile(tx, profile);
    await tx.query('UPDATE batch SET bank_profile = $2 WHERE id = $1', [batch.id, profile.digest]);
    const { paymentAmountMax, messageAmountMax, text, required } = profile.content;
    const run = (name: keyof typeof bankStatements, code: FindingCode, ...rule: unknown[]) =>
      tx.query(bankStatements[name], [batch.number, severityOf(code), ...rule]);
    const limit = smallest(paymentAmountMax, messageAmountMax);
    if (limit !== null) await run('ABOVE_BANK_LIMIT', 'ABOVE_BANK_LIMIT', limit);
    // A space alone is no name.
    const written = text.allowed === null ? null : `[${text.allowed.replaceAll(' ', '')}]`;
    if (written !== null) await run('BANK_NAME_UNWRITABLE', 'BANK_NAME_UNWRITABLE', written);
    if (required.includes('remittance')) await run('BANK_REMITTANCE_MISSING', 'BANK_FIELD_MISSING', written);
    if (required.includes('address')) await run('BANK_ADDRESS_MISSING', 'BANK_FIELD_MISSING');
  }

  /** What is known of the people of the list, by the numbers that are paid to. */
  private async askRegistry(
    tx: Transaction,
    batch: Batch,
    severityOf: SeverityOf,
    places: ReadBeside['places'],
  ): Promise<void> {
    const { number } = batch;
    await tx.query(registryUnread, [number, severityOf('REGISTRY_UNREAD'), registryOldHours]);
    await tx.query(registryFindings, [
      number,
      severityOf('PAYEE_DECEASED'),
      severityOf('NAME_MISMATCH'),
      severityOf('REGISTERED_NAME_DIFFERS'),
      severityOf('PAYEE_MOVED'),
      placeCodesUnder(batch.officeCode),
      places.map(({ code }) => code),
      places.map(({ period }) => period),
      places.map(communeToday),
    ]);
  }

  private async settleFindings(tx: Transaction, batch: Batch, severityOf: SeverityOf): Promise<void> {
    const codes = Object.keys(findingCatalogue) as FindingCode[];
    await tx.query(applySeverities, [batch.number, codes, codes.map(severityOf)]);
    await tx.query(applyWaivers, [batch.number, batch.importNumber]);
    await tx.query(setAside, [batch.number]);
  }

  /** Counts what is kept, and compares its sum with what the fund has left. */
  private async checkFund(tx: Transaction, batch: Batch, severity: Severity): Promise<void> {
    const [kept] = (await tx.query(
      `SELECT count(*) FILTER (WHERE set_aside)::int AS set_aside,
              coalesce(sum(amount) FILTER (WHERE NOT set_aside), 0)::bigint AS amount
       FROM payment_line WHERE batch_number = $1`,
      [batch.number],
    )) as { set_aside: number; amount: string }[];
    await tx.query('UPDATE batch SET set_aside = $2, kept_amount = $3 WHERE id = $1', [
      batch.id,
      kept!.set_aside,
      kept!.amount,
    ]);
    const { available } = await balanceOf(tx, batch.fundId);
    if (BigInt(kept!.amount) <= available) return;
    await tx.query(
      `INSERT INTO finding (batch_number, row_no, code, severity, facts) VALUES ($1, 0, 'INSUFFICIENT_FUND', $2, $3)`,
      [batch.number, severity, JSON.stringify({ needed: kept!.amount, available: available.toString() })],
    );
  }
}

/** The commune of today of the territory that a code named in the period; null where no source says it. */
function communeToday({ code, period }: { code: string; period: string }): string | null {
  const firstDay = period.length === 4 ? `${period}-01-01` : `${period}-01`;
  const [oldest] = placeVersions(code);
  // Before the first day that the source of places saw, a code is what it was on that day.
  const place = oldest && firstDay < oldest.validFrom ? oldest : findPlace(code, firstDay);
  return (place && placeToday(place)?.code) ?? null;
}

const wholeListCodes: FindingCode[] = [
  'PROGRAMME_NOT_FUNDED',
  'AMOUNT_OUT_OF_BOUNDS',
  'DUPLICATE_OBLIGATION',
  'DUPLICATE_IN_LIST',
  'DUPLICATE_PERSON',
  'NAME_MISMATCH',
  'SHARED_ACCOUNT',
  'UNEXPLAINED_PAYMENT',
  'RETURNED_ACCOUNT',
  'SAME_ACCOUNT_AGAIN',
  'CASH_PLACE_MISSING',
  'INSUFFICIENT_FUND',
  'PAYEE_DECEASED',
  'PAYEE_MOVED',
  'REGISTERED_NAME_DIFFERS',
  'REGISTRY_UNREAD',
  'ABOVE_BANK_LIMIT',
  'BANK_FIELD_MISSING',
  'BANK_NAME_UNWRITABLE',
];

function smallest(...limits: (string | null)[]): string | null {
  const known = limits.flatMap((limit) => (limit === null ? [] : [BigInt(limit)]));
  return known.length === 0
    ? null
    : known.reduce((least, limit) => (limit < least ? limit : least)).toString();
}

async function severities(tx: Transaction, programmeCode: string): Promise<SeverityOf> {
  const programme = await tx.findOneByOrFail(Programme, { code: programmeCode });
  return (code) => programme.severities[code] ?? findingCatalogue[code].severity;
}
