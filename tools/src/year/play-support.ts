import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SocialProtectionClient, SupportRun } from '@ansinh/client';
import type { FactValue } from '@ansinh/policy';
import type { StepProgress } from '../demo/progress.js';
import { eachOf } from './each-of.js';
import type { PlannedList, SupportPlan } from './support-plan.js';

export interface SupportPeople {
  maker: SocialProtectionClient;
  checker: SocialProtectionClient;
  insurance: SocialProtectionClient;
}

/** Requests at once: beyond what two cores answer, they would only wait. */
const atOnce = 4;
const lookMs = 500;
/** A look counts all lines: the next one waits by so many times what it took. */
const pausePerLook = 5;
const yes = 'có';
const no = 'không';

/** Every employer sends its list. */
export async function bringLists(
  { maker }: Pick<SupportPeople, 'maker'>,
  programme: SupportPlan['programme'],
  lists: Iterator<PlannedList>,
  progress: StepProgress,
): Promise<void> {
  let brought = 0;
  await eachOf(lists, atOnce, async (planned) => {
    const { choice, months, employer, receivedOn, rows } = planned;
    const head = {
      programme,
      choice,
      ...(months.length > 0 && { months: months.join(',') }),
      taxCode: employer.taxCode,
      employerName: employer.name,
      employerType: employer.type,
      placeCode: employer.placeCode,
      receivedOn,
    };
    const text = workersAsCsv(planned);
    const list = await maker.lists.bring(head, { type: 'text/csv', open: () => Readable.from([text]) });
    if (list.isRefused) throw new Error(`The list of ${employer.name} was refused`);
    brought += rows.length;
    progress.update(brought);
  });
}

function workersAsCsv({ rows, cases }: PlannedList): string {
  const facts = [...new Set(cases.flatMap((each) => Object.keys(each.facts)))];
  const lines = rows.map(({ worker, facts: stated }) => {
    const { citizenNumber, name, bankBin, account } = worker;
    return [citizenNumber, name, bankBin, account, ...facts.map((fact) => cellOf(stated[fact]))].join(',');
  });
  return `${[['citizenNumber', 'name', 'bankBin', 'account', ...facts].join(','), ...lines].join('\n')}\n`;
}

function cellOf(value: FactValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? yes : no;
  return Array.isArray(value) ? value.join(';') : String(value);
}

/** The insurance office answers for everybody on the lists, by one list. */
export async function answerForInsurance(
  { insurance }: Pick<SupportPeople, 'insurance'>,
  lists: () => Iterable<PlannedList>,
): Promise<number> {
  function* answers() {
    yield 'citizenNumber,taxCode,month,isInsured\n';
    for (const { employer, insuredIn, rows } of lists()) {
      yield rows
        .map(({ worker }) => `${worker.citizenNumber},${employer.taxCode},${insuredIn},${yes}\n`)
        .join('');
    }
  }
  const open = () => Readable.from(answers(), { objectMode: false });
  return (await insurance.insurance.confirm({ type: 'text/csv', open })).rows;
}

/** Decides on every list that waits, chunk by chunk; somebody else approves. */
export async function decideLists(
  { maker, checker }: Pick<SupportPeople, 'maker' | 'checker'>,
  { programme, decidedOn }: SupportPlan,
  progress: StepProgress,
): Promise<SupportRun> {
  let run = await maker.runs.start({ programme, decidedOn });
  while (run.state === 'deciding') {
    run = await maker.runs.decideNext(run.id);
    progress.update(run.taken);
  }
  await maker.runs.submit(run.id);
  return checker.runs.approve(run.id, run.digest!);
}

/** What is owed goes on a payment list. @returns the code of its batch, when it waits for an approval */
export async function startPayout(
  { maker }: Pick<SupportPeople, 'maker'>,
  run: SupportRun,
  input: { fundId: string; purpose: string },
  signal: AbortSignal,
): Promise<string> {
  await maker.payouts.start(run.id, { ...input, channel: 'iso20022-http' });
  return lookUntil(async () => {
    const [payout] = (await maker.payouts.list(run.id)).items;
    if (payout?.problem) throw new Error(`${payout.problem.code}: ${payout.problem.title}`);
    return payout?.state === 'submitted' ? payout.batchCode! : null;
  }, signal);
}

/** Until every outcome has come back to the entitlements. */
export async function awaitSettled(
  { maker }: Pick<SupportPeople, 'maker'>,
  run: SupportRun,
  signal: AbortSignal,
): Promise<void> {
  await lookUntil(async () => {
    const { items } = await maker.payouts.list(run.id);
    return items.every(({ state }) => state === 'settled') ? true : null;
  }, signal);
}

async function lookUntil<Found>(look: () => Promise<Found | null>, signal: AbortSignal): Promise<Found> {
  for (;;) {
    const startedAt = performance.now();
    const found = await look();
    if (found !== null) return found;
    const pauseMs = Math.max(lookMs, pausePerLook * (performance.now() - startedAt));
    await sleep(pauseMs, undefined, { signal });
  }
}
