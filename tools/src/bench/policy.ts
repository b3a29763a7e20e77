import { loadavg } from 'node:os';
import { say } from '@ansinh/embedded';
import { type Decision, explanationText, type Facts, openPolicy, type Policy } from '@ansinh/policy';

interface PolicyOptions {
  evaluations: number;
}

export interface PolicyReport extends PolicyOptions {
  loadBefore: number;
  /** Evaluations a second on one core: of processor time, which the other work of a busy machine does not take part in. */
  rates: { worker: number; wallClock: number; monthly: number; digest: number; text: number };
  /** So that nothing that was measured can be left out by a clever compiler. */
  total: string;
}

const on = '2021-12-01';
const month = '2022-03-01';

/** Workers of all kinds that the decree knows: refused, granted, with supplements. Different ones, as a list has them. */
function workers(): Facts[] {
  return Array.from({ length: 1_000 }, (_, index): Facts => {
    const lastDay = String((index % 30) + 1).padStart(2, '0');
    return {
      policy: (['policy4', 'policy4', 'policy5', 'policy6'] as const)[index % 4]!,
      receivedOn: '2021-11-20',
      isPolicyAlreadyPaid: index % 50 === 0,
      isOtherOneOffPaid: index % 40 === 0,
      stoppedFrom: index % 4 === 3 ? null : `2021-06-01`,
      stoppedUntil: index % 4 === 3 ? null : `2021-${index % 2 ? '06' : '07'}-${lastDay}`,
      terminatedOn: index % 4 === 3 ? `2021-08-${lastDay}` : null,
      isInsuredThen: index % 20 !== 0,
      isStoppageByArticle99: true,
      isEligibleForUnemploymentBenefit: index % 3 === 0,
      isPregnant: index % 11 === 0,
      childrenBornOn: index % 5 === 0 ? [`2018-03-${lastDay}`] : [],
    };
  });
}

function beneficiaries(): Facts[] {
  return Array.from({ length: 1_000 }, (_, index): Facts => {
    const years = 1930 + (index % 90);
    return {
      bornOn: `${years}-0${(index % 9) + 1}-15`,
      decidedOn: '2021-08-01',
      monthlyPension: index % 7 === 0 ? 2_000_000n : 0n,
      disability: (['none', 'severe', 'extremelySevere'] as const)[index % 3]!,
      certificateOn: index % 3 === 0 ? null : '2021-08-20',
      household: index % 4 === 0 ? 'poor' : 'other',
    };
  });
}

export function measurePolicy({ evaluations }: PolicyOptions): Promise<PolicyReport> {
  const loadBefore = loadavg()[0]!;
  const policy = openPolicy();
  const [people, list] = [beneficiaries(), workers()];
  const worker = (index: number) => policy.evaluate('covid-support', list[index % list.length]!, on);
  const monthly = (index: number) =>
    policy.evaluate('monthly-allowance', people[index % people.length]!, month);
  warmUp(policy, list, people);
  let total = 0n;
  const count = (decision: Decision) => void (total += decision.amount);
  const best = fastest(evaluations, (index) => count(worker(index)));
  const rates = {
    worker: best.processor,
    wallClock: best.wall,
    monthly: fastest(evaluations, (index) => count(monthly(index))).processor,
    digest: fastest(evaluations / 10, (index) => void worker(index).digest).processor,
    text: fastest(evaluations / 100, (index) => void explanationText(worker(index), 'vi')).processor,
  };
  return Promise.resolve({ evaluations, loadBefore, rates, total: total.toString() });
}

/** What is measured is what a list of 600,000 rows meets, not the first hundred rows. */
function warmUp(policy: Policy, list: readonly Facts[], people: readonly Facts[]): void {
  for (let round = 0; round < 50; round += 1) {
    for (const facts of list) policy.evaluate('covid-support', facts, on);
    for (const facts of people) policy.evaluate('monthly-allowance', facts, month);
  }
}

/** The fastest of three rounds: whatever made the others slower was not the code. */
function fastest(times: number, work: (index: number) => void): { processor: number; wall: number } {
  const rounds = Array.from({ length: 3 }, () => {
    const [startedAt, processor] = [performance.now(), process.cpuUsage()];
    for (let index = 0; index < times; index += 1) work(index);
    const { user, system } = process.cpuUsage(processor);
    return {
      processor: Math.round((times * 1_000_000) / (user + system)),
      wall: Math.round((times * 1_000) / (performance.now() - startedAt)),
    };
  });
  return {
    processor: Math.max(...rounds.map(({ processor }) => processor)),
    wall: Math.max(...rounds.map(({ wall }) => wall)),
  };
}

const FLOOR_PER_SECOND = 200_000;

export function tableOfPolicy({ rates, loadBefore }: PolicyReport): string {
  const row = (text: { vi: string; en: string }, rate: number) =>
    `  ${say(text).padEnd(60)} ${rate.toLocaleString('en').padStart(10)}`;
  const met = rates.worker >= FLOOR_PER_SECOND ? '✓' : '✗';
  return [
    say({ vi: 'Quyết định mỗi giây trên một nhân', en: 'Decisions a second on one core' }),
    say({
      vi: `Tải của máy trước khi đo: ${loadBefore.toFixed(2)}`,
      en: `Load of the machine before: ${loadBefore.toFixed(2)}`,
    }),
    row(
      { vi: `hỗ trợ người lao động (≥ 200.000) ${met}`, en: `support of workers (≥ 200,000) ${met}` },
      rates.worker,
    ),
    row(
      { vi: '  theo đồng hồ, với việc khác của máy', en: '  by the clock, beside other work of the machine' },
      rates.wallClock,
    ),
    row({ vi: 'trợ cấp xã hội hằng tháng', en: 'monthly allowances' }, rates.monthly),
    row(
      { vi: 'hỗ trợ người lao động, với mã đối chiếu', en: 'support of workers, with the digest' },
      rates.digest,
    ),
    row(
      {
        vi: 'hỗ trợ người lao động, với lời giải thích',
        en: 'support of workers, with the explanation as text',
      },
      rates.text,
    ),
  ].join('\n');
}
