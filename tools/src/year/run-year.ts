import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type Client,
  createEmploymentLoansClient,
  createRegistryClient,
  createSocialProtectionClient,
  type Fund,
} from '@ansinh/client';
import type { Suite } from '@ansinh/embedded';
import { BankWitness } from '@ansinh/witness';
import { tell } from '../command.js';
import { payBatch, type PayerAccount, type People } from '../demo/pay-batch.js';
import { StepProgress } from '../demo/progress.js';
import { awaitRegistryRead } from '../demo/registered-people.js';
import { signIn, tokenFor } from '../demo/sign-in.js';
import { seedRegistryFrom } from '../seed-registry.js';
import { type Figure, figuresOf } from './figures.js';
import {
  answerForInsurance,
  awaitSettled,
  bringLists,
  decideLists,
  startPayout,
  type SupportPeople,
} from './play-support.js';
import { decideAllAgain, type DecidedAgain } from './decide-again.js';
import { planLoans } from './loan-plan.js';
import {
  awaitLent,
  checkUse,
  findBorrowers,
  lend,
  type LoanPeople,
  registerEmployers,
  sendLoans,
} from './play-loans.js';
import { makeEmployers, type Staff, staffOf } from './province.js';
import { type ReportLine, reportYear } from './report.js';
import {
  covidPlan,
  dealCases,
  type Dealt,
  planLists,
  rentPlan,
  rowsOf,
  type SupportPlan,
} from './support-plan.js';
import { walkGraph, type Walks } from './walk.js';

interface YearOptions {
  year: number;
  scale: number;
  seed: number;
  /** For files on their way. */
  folder: string;
  signal: AbortSignal;
}

export interface YearResult {
  lines: ReportLine[];
  /** Books that differ from the bank's, line by line. */
  differences: string[];
  /** All decisions of the year, made once more. */
  again: DecidedAgain;
  /** What one of its people and one of his payments lead to. */
  walks: Walks;
  /** By step, in the order in which they were taken. */
  seconds: Record<string, number>;
}

interface Programme {
  plan: SupportPlan;
  walks: Dealt[][];
  staff: () => Iterable<Staff>;
  seed: number;
  payment: FundInput;
}

interface FundInput {
  programmeCode: string;
  fundCode: string;
  account: PayerAccount;
  purpose: string;
}

const payer = (number: string): PayerAccount => ({
  bin: '970405',
  number,
  name: 'SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI BẮC NINH',
});
const payments = {
  covid: {
    programmeCode: 'NQ68',
    fundCode: 'NS-NQ68',
    account: payer('2600201000001'),
    purpose: 'Hỗ trợ người lao động do COVID-19',
  },
  rent: {
    programmeCode: 'QD08',
    fundCode: 'NS-QD08',
    account: payer('2600201000002'),
    purpose: 'Hỗ trợ tiền thuê nhà',
  },
};

const loanPayment: FundInput = {
  programmeCode: 'EL',
  fundCode: 'QG-VL',
  account: payer('2600201000003'),
  purpose: 'Giải ngân cho vay giải quyết việc làm',
};

/** Everybody is registered before that. */
const residentFrom = '2020-01-01';

/** A year of the province, each part of it played by whom the rules want, and what the rows of the services say of it at its end. */
export async function runYear(suite: Suite, options: YearOptions): Promise<YearResult> {
  const { scale, seed, signal } = options;
  const figures = figuresOf(options.year, scale);
  const clock = new Clock();
  const bank = new BankWitness(suite.addresses.bank, suite.secrets.BANK_API_TOKEN);
  const people: People = {
    maker: await signIn(suite, 'maker'),
    checkers: [await signIn(suite, 'checker1'), await signIn(suite, 'checker2')],
    operator: await signIn(suite, 'operator'),
  };
  const support = await supportPeople(suite);
  const [covid, rent] = programmesOf(figures, seed);
  await clock.step('registry', () => registerStaff(suite, covid.staff(), options));
  await awaitRegistryRead(people.maker, signal);
  const players = { people, support, bank, clock, signal };
  const playSupport = async () => [
    ...(await playProgramme(covid, players)),
    ...(await playProgramme(rent, players)),
  ];
  // Other desks lend meanwhile, as in life: the steps of both take longer by that, and the year less.
  const [supported, loans] = await Promise.all([playSupport(), playLoans(suite, figures, covid, players)]);
  const differences = [...supported, ...loans.differences];
  const again = await clock.step('decisions again', () =>
    decideAllAgain(suite.ownerUrls['social-protection']!),
  );
  const walks = await walkGraph(suite, loans.personId);
  return { lines: await reportYear(suite, figures), differences, again, walks, seconds: clock.seconds };
}

function programmesOf(figures: Map<string, Figure>, seed: number): [Programme, Programme] {
  const figure = (name: string) => figures.get(name)!;
  const covidWalks = dealCases(
    covidPlan,
    { people: figure('covidSupport.workers'), amount: figure('covidSupport.amountPaid') },
    seed,
  );
  const rentWalks = dealCases(
    rentPlan,
    { people: figure('rentSupport.workerTimes'), amount: figure('rentSupport.amountPaid') },
    seed,
  );
  const employers = makeEmployers({
    workers: rowsOf(covidWalks),
    enterprises: Number(figure('covidSupport.enterprises').atLeast),
    businessHouseholds: Number(figure('covidSupport.businessHouseholds').atLeast),
    seed,
  });
  const staff = () => staffOf(employers, seed);
  return [
    { plan: covidPlan, walks: covidWalks, staff, seed, payment: payments.covid },
    { plan: rentPlan, walks: rentWalks, staff, seed, payment: payments.rent },
  ];
}

interface Players {
  people: People;
  support: SupportPeople;
  bank: BankWitness;
  clock: Clock;
  signal: AbortSignal;
}

/** Lists, answers of the insurance office, decisions, approval, payment, reconciliation. @returns differences with the bank's books */
async function playProgramme(programme: Programme, players: Players): Promise<string[]> {
  const { plan, walks, staff, seed, payment } = programme;
  const { people, support, bank, clock, signal } = players;
  const lists = () => planLists(plan, walks, staff, seed);
  const timed = <Value>(step: string, work: () => Promise<Value>) =>
    clock.step(`${plan.programme} ${step}`, work);
  const rows = rowsOf(walks);
  const progress = new StepProgress({ vi: 'Nhận danh sách', en: 'Lists' }, rows);
  await timed('lists', () => bringLists(support, plan.programme, lists(), progress));
  progress.end();
  await timed('insurance', () => answerForInsurance(support, lists));
  const deciding = new StepProgress({ vi: 'Xét theo luật', en: 'Decide by law' }, rows);
  const run = await timed('decisions', () => decideLists(support, plan, deciding));
  deciding.end();
  const { outcomes } = await support.maker.runs.summary(run.id);
  const granted = outcomes.find(({ outcome }) => outcome === 'granted');
  if (!granted) throw new Error(`Nobody is granted anything by ${plan.programme}`);
  const fund = await openFund(people.operator, bank, { ...payment, allotted: granted.amount });
  const code = await timed('payment list', () =>
    startPayout(support, run, { fundId: fund.id, purpose: payment.purpose }, signal),
  );
  const [batch] = (await people.operator.batches.list({ code })).items;
  const { account } = payment;
  const books = await timed('payment', () => payBatch({ people, bank, account, faults: 0, signal }, batch!));
  await timed('outcomes', () => awaitSettled(support, run, signal));
  return books.differences;
}

/** Offices of districts that have a demo user, whose desks receive applications for loans. */
const desks = { '256': 'district256', '261': 'district261' };

/** Applications, appraisal, approval, contracts, payment, and the look whether the jobs are there. */
async function playLoans(
  suite: Suite,
  figures: Map<string, Figure>,
  { staff, seed }: Programme,
  { people, bank, clock, signal }: Players,
): Promise<{ differences: string[]; personId: string }> {
  const figure = (name: string) => figures.get(`employmentLoans.${name}`)!;
  const wanted = {
    borrowers: figure('borrowers'),
    amount: figure('amountDisbursed'),
    jobs: figure('jobsCreated'),
  };
  const loans = [...planLoans(wanted, { staff: staff(), offices: Object.keys(desks), seed })];
  const officers = await loanPeople(suite);
  const registry = createRegistryClient({
    baseUrl: suite.addresses.registry,
    token: await tokenFor(suite, 'maker'),
  });
  await clock.step('loans employment', () => registerEmployers(registry, loans));
  const ids = await findBorrowers(registry, loans);
  const progress = new StepProgress({ vi: 'Cho vay', en: 'Loans' }, loans.length);
  const lent = await clock.step('loans', () => lend(officers, loans, ids, progress));
  progress.end();
  const allotted = loans.reduce((sum, { amount }) => sum + amount, 0n).toString();
  const fund = await openFund(people.operator, bank, { ...loanPayment, allotted });
  const { programmeCode, purpose, account } = loanPayment;
  const lists = await clock.step('loans payment list', () =>
    sendLoans(officers, loans.length, { fundId: fund.id, programmeCode, purpose }, signal),
  );
  const differences: string[] = [];
  await clock.step('loans payment', async () => {
    for (const [index, { batchCode }] of lists.entries()) {
      const [batch] = (await people.operator.batches.list({ code: batchCode })).items;
      const paidBefore = lists.slice(0, index).map((list) => list.batchCode);
      const paying = { people, bank, account, paidBefore, faults: 0, signal };
      differences.push(...(await payBatch(paying, batch!)).differences);
    }
  });
  await clock.step('loans outcomes', () => awaitLent(officers, lists, signal));
  await clock.step('loans use checks', () => checkUse(officers, lent));
  return { differences, personId: ids.find(({ employerId }) => employerId === null)!.personId };
}

async function loanPeople(suite: Suite): Promise<LoanPeople> {
  const client = async (who: string) =>
    createEmploymentLoansClient({
      baseUrl: suite.addresses.employmentLoans,
      token: await tokenFor(suite, who),
    });
  const ofDesks = Object.entries(desks).map(async ([office, who]) => [office, await client(who)] as const);
  return {
    desks: Object.fromEntries(await Promise.all(ofDesks)),
    bank: await client('policybank'),
    province: await client('checker1'),
    planner: await client('maker'),
  };
}

/** What the law grants is what the fund gets: no đồng of it may be left over, and none may be missing. */
async function openFund(
  operator: Client,
  bank: BankWitness,
  { programmeCode, fundCode, account, purpose, allotted }: FundInput & { allotted: string },
): Promise<Fund> {
  await operator.programmes.put({ code: programmeCode, name: purpose });
  const fund = await operator.funds.create({
    code: fundCode,
    name: purpose,
    budgetSource: 'Ngân sách tỉnh',
    programmeCodes: [programmeCode],
    channel: 'iso20022-http',
    account,
  });
  await operator.funds.allot(fund.id, { amount: allotted, reference: 'QĐ-2022' });
  await bank.openAccount({ number: account.number, name: account.name, openingBalance: allotted });
  return fund;
}

async function supportPeople(suite: Suite): Promise<SupportPeople> {
  const client = async (who: string) =>
    createSocialProtectionClient({
      baseUrl: suite.addresses.socialProtection,
      token: await tokenFor(suite, who),
      timeoutMs: 600_000,
    });
  return {
    maker: await client('maker'),
    checker: await client('checker1'),
    insurance: await client('insurance'),
  };
}

/** Whoever is paid is somebody of the registry, and lives where the employer is. */
async function registerStaff(
  suite: Suite,
  staff: Iterable<Staff>,
  { folder, signal }: YearOptions,
): Promise<void> {
  tell({ vi: 'Ghi người lao động vào sổ dân cư', en: 'Workers enter the registry' });
  const path = join(folder, 'people.ndjson');
  function* lines() {
    for (const { employer, workers } of staff) {
      for (const { citizenNumber, name } of workers)
        yield `${JSON.stringify({ citizenNumber, name, placeCode: employer.placeCode, residentFrom, diedOn: null })}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path, { mode: 0o600 }));
  await seedRegistryFrom(suite, path, signal);
}

class Clock {
  readonly seconds: Record<string, number> = {};

  async step<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const startedAt = performance.now();
    const value = await work();
    const seconds = Number(((performance.now() - startedAt) / 1_000).toFixed(2));
    this.seconds[name] = seconds;
    tell({ vi: `  ${name}: ${seconds} giây`, en: `  ${name}: ${seconds} s` });
    return value;
  }
}
