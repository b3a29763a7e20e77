import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, In, MoreThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import {
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  sqlState,
  type Transaction,
  violatedConstraint,
} from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import type { PageQuery } from '@ansinh/service';
import { digestOf } from '../audit/record-digest.js';
import type { BalanceView, CreateAllotment, CreateFund, FundView, ReverseAllotment } from './fund.dto.js';
import { Fund } from './fund.entity.js';
import { fundProblems } from './fund.problems.js';
import { balanceOf, balancesOf, type FundBalance, lockFund, move, post, reverse } from './ledger.js';

@Injectable()
export class FundService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** @throws ProblemError FUND_EXISTS, PROGRAMME_UNKNOWN */
  async create(input: CreateFund, command: Command): Promise<FundView> {
    return this.commands.run(command, 'fund.create', async (tx) => {
      await requireProgrammes(tx, input.programmeCodes);
      const fund = tx.create(Fund, {
        id: uuidv7(),
        code: input.code,
        name: input.name,
        budgetSource: input.budgetSource,
        programmeCodes: input.programmeCodes,
        channel: input.channel,
        accountBin: input.account.bin,
        accountNumber: input.account.number,
        accountName: input.account.name,
        officeCode: command.actor.office,
        createdBy: command.actor.id,
      });
      await insertFund(tx, fund);
      await tx.query(
        `INSERT INTO ledger_account (fund_id, kind)
         SELECT $1, unnest(ARRAY['allotted', 'available', 'reserved', 'inFlight', 'paid'])`,
        [fund.id],
      );
      const after = await digestOf(tx, 'fund', fund.id);
      return { result: toView(fund), subject: `fund/${fund.code}`, before: null, after };
    });
  }

  async list(actor: Actor, query: PageQuery): Promise<Page<FundView>> {
    const after = String(readCursor(query.after, 'text')?.[0] ?? '');
    const funds = await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.find(Fund, { where: { code: MoreThan(after) }, order: { code: 'ASC' }, take: query.limit + 1 }),
    );
    return pageOf(funds.map(toView), query.limit, (fund) => [fund.code]);
  }

  async get(id: string, actor: Actor): Promise<FundView> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => toView(await findFund(tx, id)));
  }

  /** Books money given to the fund. @throws ProblemError FUND_NOT_FOUND, ALLOTMENT_EXISTS */
  async allot(id: string, input: CreateAllotment, command: Command): Promise<BalanceView> {
    return this.commands.run(command, 'fund.allot', async (tx) => {
      const fund = await findFund(tx, id);
      await lockFund(tx, fund.id);
      const before = await digestOf(tx, 'fund', fund.id);
      try {
        await post(tx, {
          fundId: fund.id,
          kind: 'allotment',
          reference: input.reference,
          postings: move('allotted', 'available', BigInt(input.amount)),
        });
      } catch (error) {
        if (violatedConstraint(error) === 'ledger_transaction_once') {
          throw new ProblemError(fundProblems.allotmentExists);
        }
        throw error;
      }
      const result = await balanceView(tx, fund.id);
      const facts = { amount: input.amount, reference: input.reference, note: input.note };
      const after = await digestOf(tx, 'fund', fund.id);
      return { result, subject: `fund/${fund.code}`, before, after, facts };
    });
  }

  /**
   * Takes an allotment back that was booked wrongly, by its opposite entry.
   * @throws ProblemError ALLOTMENT_NOT_FOUND, ALLOTMENT_REVERSED, INSUFFICIENT_FUND when the money is no longer there
   */
  async reverseAllotment(id: string, input: ReverseAllotment, command: Command): Promise<BalanceView> {
    return this.commands.run(command, 'fund.reverseAllotment', async (tx) => {
      const fund = await findFund(tx, id);
      await lockFund(tx, fund.id);
      const before = await digestOf(tx, 'fund', fund.id);
      const [allotment] = (await tx.query(
        `SELECT id FROM ledger_transaction WHERE fund_id = $1 AND kind = 'allotment' AND reference = $2`,
        [fund.id, input.reference],
      )) as { id: string }[];
      if (!allotment) throw new ProblemError(fundProblems.allotmentNotFound);
      try {
        await reverse(tx, allotment.id);
      } catch (error) {
        const constraint = violatedConstraint(error);
        if (constraint === 'ledger_account_covered') throw new ProblemError(fundProblems.insufficient);
        if (constraint?.startsWith('ledger_transaction_'))
          throw new ProblemError(fundProblems.allotmentReversed);
        throw error;
      }
      const result = await balanceView(tx, fund.id);
      const after = await digestOf(tx, 'fund', fund.id);
      return { result, subject: `fund/${fund.code}`, before, after, facts: { ...input } };
    });
  }

  async balance(id: string, at: string | undefined, actor: Actor): Promise<BalanceView> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const fund = await findFund(tx, id);
      return balanceView(tx, fund.id, at);
    });
  }

  /** The funds of these ids that the caller may see. */
  async byIds(ids: readonly string[], actor: Actor): Promise<Map<string, FundView>> {
    const funds = await inTransaction(this.dataSource, scopeOf(actor), (tx) => findFunds(tx, ids));
    return new Map(funds.map((fund) => [fund.id, toView(fund)]));
  }

  /** Balances of those funds of these ids that the caller may see. */
  async balances(
    ids: readonly string[],
    at: string | undefined,
    actor: Actor,
  ): Promise<Map<string, BalanceView>> {
    const balances = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const visible = await findFunds(tx, ids);
      return balancesOf(
        tx,
        visible.map(({ id }) => id),
        at,
      );
    });
    return new Map([...balances].map(([fundId, balance]) => [fundId, toBalanceView(fundId, balance, at)]));
  }
}

/** @throws ProblemError FUND_NOT_FOUND, also for a fund of another office */
export async function findFund(tx: Transaction, id: string): Promise<Fund> {
  const fund = await tx.findOneBy(Fund, { id });
  if (!fund) throw new ProblemError(fundProblems.notFound);
  return fund;
}

async function findFunds(tx: Transaction, ids: readonly string[]): Promise<Fund[]> {
  return tx.findBy(Fund, { id: In([...ids]) });
}

async function insertFund(tx: Transaction, fund: Fund): Promise<void> {
  try {
    await tx.insert(Fund, fund);
  } catch (error) {
    if (sqlState(error) === '23505') throw new ProblemError(fundProblems.exists);
    throw error;
  }
}

async function requireProgrammes(tx: Transaction, codes: string[]): Promise<void> {
  const unknown = (await tx.query(
    'SELECT code FROM unnest($1::text[]) AS asked (code) WHERE NOT EXISTS (SELECT FROM programme p WHERE p.code = asked.code)',
    [codes],
  )) as { code: string }[];
  if (unknown.length === 0) return;
  throw new ProblemError(fundProblems.unknownProgramme, {
    errors: unknown.map(({ code }) => ({
      pointer: `/programmeCodes/${codes.indexOf(code)}`,
      code: 'PROGRAMME_UNKNOWN',
      detail: { vi: `Chưa khai báo chương trình «${code}».`, en: `The programme "${code}" is not known.` },
    })),
  });
}

async function balanceView(tx: Transaction, fundId: string, at?: string): Promise<BalanceView> {
  return toBalanceView(fundId, await balanceOf(tx, fundId, at), at);
}

function toBalanceView(fundId: string, balance: FundBalance, at?: string): BalanceView {
  return {
    fundId,
    at: at ?? new Date().toISOString(),
    allotted: balance.allotted.toString(),
    available: balance.available.toString(),
    reserved: balance.reserved.toString(),
    inFlight: balance.inFlight.toString(),
    paid: balance.paid.toString(),
  };
}

function toView(fund: Fund): FundView {
  const { id, code, name, budgetSource, programmeCodes, channel, officeCode } = fund;
  const account = { bin: fund.accountBin, number: fund.accountNumber, name: fund.accountName };
  return { id, code, name, budgetSource, programmeCodes, channel, account, officeCode };
}
