import { nationalCatalogue } from '@ansinh/policy';
import type { DayCount } from '../day-count.js';
import type { Fact, LoanProduct, SpacingBand } from '../loan-product.js';

type Confidence = Fact<unknown>['confidence'];

const amended61 = 'NĐ 61/2015/NĐ-CP (amended 74/2019, 104/2022)';

function fact<Value>(value: Value, rule: string, legalBasis: string, confidence: Confidence): Fact<Value> {
  return { value, rule, legalBasis, confidence };
}

const { parameters } = nationalCatalogue().programmes['employment-loan-ceiling']!;
const lawRows = new Map(Object.values(parameters).flatMap(({ rows }) => rows.map((row) => [row.id, row])));

/** Numbers by which the law decides too stand in `libs/policy`, and only there. */
function ofLaw<Value>(row: string, legalBasis: string, read: (value: string) => Value): Fact<Value> {
  const { value, carriedFrom, confidence } = lawRows.get(row)!;
  return fact(read(value!), carriedFrom[0]!, legalBasis, confidence as Confidence);
}

const ofAmended = <Value>(row: string, article: string, read: (value: string) => Value) =>
  ofLaw(row, `${amended61} ${article}`, read);

const establishment = {
  code: 'EL-ESTABLISHMENT',
  name: {
    vi: 'Cho vay giải quyết việc làm đối với cơ sở sản xuất, kinh doanh',
    en: 'Employment loan to an establishment',
  },
} as const;

const worker = {
  code: 'EL-WORKER',
  name: { vi: 'Cho vay giải quyết việc làm đối với người lao động', en: 'Employment loan to a worker' },
} as const;

const overseas = {
  code: 'OL-WORKER',
  name: {
    vi: 'Cho vay người lao động đi làm việc ở nước ngoài theo hợp đồng',
    en: 'Loan for work abroad under a contract',
  },
} as const;

const establishmentConditions = fact(
  {
    vi: 'Dự án khả thi, thu hút thêm hoặc duy trì việc làm; có xác nhận của cơ quan nơi thực hiện dự án; có bảo đảm tiền vay',
    en: 'A feasible project that attracts workers, confirmed by the local authority, with collateral',
  },
  'EL-COND-EST',
  'Luật 38/2013 art.13(1)',
  'verified',
);

const workerConditions = fact(
  {
    vi: 'Có năng lực hành vi dân sự đầy đủ; có nhu cầu vay để tự tạo việc làm, có xác nhận; cư trú hợp pháp tại nơi thực hiện dự án',
    en: 'Full civil capacity, a confirmed need to create a job, lawful residence where the project is',
  },
  'EL-COND-WRK',
  'Luật 38/2013 art.13(2)',
  'verified',
);

/** The bank's own document: for loans within the country. */
const spacing = fact<SpacingBand[]>(
  [
    { upToMonths: 12, everyMonths: 12 },
    { upToMonths: 60, everyMonths: 24 },
    { upToMonths: null, everyMonths: 36 },
  ],
  'VB-PERIOD',
  'VBSP document 2174 (cited)',
  'secondary',
);

const overseasSpacing = fact<SpacingBand[]>(
  [{ upToMonths: null, everyMonths: 12 }],
  'VB-PERIOD',
  'VBSP document 2174 (cited)',
  'secondary',
);

const since2015 = {
  validFrom: '2015-09-01',
  validUntil: '2019-11-08',
  overdueRatePercent: null,
  principalSpacing: spacing,
  procedure: null,
} as const;

const since2019 = {
  validFrom: '2019-11-08',
  validUntil: '2026-01-01',
  overdueRatePercent: ofAmended('EL-OVERDUE', 'art.26(3)', Number),
  principalSpacing: spacing,
  procedure: 'EL-JOB-LOAN',
} as const;

const since2026 = {
  validFrom: '2026-01-01',
  validUntil: null,
  overdueRatePercent: ofLaw('VB-OD-130', 'NĐ 06/2026/NĐ-CP art.32(2), 48(1)', Number),
  conditions: null,
  principalSpacing: spacing,
  procedure: null,
} as const;

/** Every version of every product. A contract is signed by the version of its day and keeps it. */
export const loanProducts: readonly LoanProduct[] = [
  {
    ...establishment,
    ...since2015,
    conditions: establishmentConditions,
  },
  {
    ...worker,
    ...since2015,
    conditions: workerConditions,
  },
  {
    ...establishment,
    ...since2019,
    conditions: establishmentConditions,
  },
  {
    ...worker,
    ...since2019,
    conditions: workerConditions,
  },
  {
    ...establishment,
    ...since2026,
  },
  {
    ...worker,
    ...since2026,
  },
  {
    ...overseas,
    validFrom: '2015-09-01',
    validUntil: '2026-01-01',
    conditions: null,
    overdueRatePercent: ofAmended('OL-RATE-OVERDUE', 'art.38', Number),
    principalSpacing: overseasSpacing,
    procedure: 'EL-OVERSEAS-LOAN',
  },
  {
    ...overseas,
    validFrom: '2026-01-01',
    validUntil: null,
    conditions: null,
    overdueRatePercent: ofLaw('EL26-OL-RATE-OVERDUE', 'NĐ 338/2025 art.15', Number),
    principalSpacing: overseasSpacing,
    procedure: 'EL-OVERSEAS-LOAN',
  },
];

/** How the policy bank keeps its loans: settings of every product here, each to be confirmed unless it is verified. */
export const policyBankServicing = {
  dayCount: fact<DayCount>(
    'actual365',
    'VB-365',
    'NĐ 157/2026/NĐ-CP art.6(3) (interest subsidy formula); TT 14/2017/TT-NHNN art.5 (memory)',
    'verified',
  ),
  /** Interest is collected with the monthly visit of the savings-and-credit group. */
  interestEveryMonths: fact(1, 'VB-INT-MONTHLY', 'VBSP practice', 'memory'),
  /** Of the first month after a quarter, by which the bank reports on it. */
  reportDueDays: fact(
    { district: 10, department: 15, ministry: 20 },
    'EL-REP-Q',
    'TT 01/2020/TT-BLĐTBXH art.3',
    'verified',
  ),
} as const;
