import pg from 'pg';
import type { Suite } from '@ansinh/embedded';
import type { Figure } from './figures.js';

/** A line of the report: what the rows come to, beside what was published. */
export interface ReportLine {
  indicator: string;
  /** Whole numbers, or a ratio with four places. */
  value: string;
  atLeast: string;
  below: string;
  isKept: boolean;
}

/** What the bank has paid of an entitlement counts; what was granted and came back does not. */
const paidSupport = `
WITH told AS (
  SELECT DISTINCT ON (payout_id, row_no) payout_id, row_no, status FROM payout_outcome ORDER BY payout_id, row_no, id DESC
), paid AS (
  SELECT line.entitlement_id AS id FROM told
  JOIN run_payout way USING (payout_id)
  JOIN payout_line line ON line.run_payout_id = way.id AND line.row_no = told.row_no
  WHERE told.status = 'paid'
), granted AS (
  SELECT e.programme, e.person_key, e.amount, d.list_id, d.row_no, l.employer_tax_code, l.employer_type, paid.id IS NOT NULL AS is_paid
  FROM entitlement e
  JOIN support_run run ON run.id = e.run_id AND run.state = 'approved'
  JOIN decision d ON d.id = e.id
  JOIN support_list l ON l.id = d.list_id
  LEFT JOIN paid ON paid.id = e.id
  WHERE NOT e.is_released
)
SELECT programme,
  count(DISTINCT employer_tax_code) FILTER (WHERE is_paid AND employer_type = 'enterprise') AS enterprises,
  count(DISTINCT employer_tax_code) FILTER (WHERE is_paid AND employer_type = 'householdBusiness') AS "businessHouseholds",
  count(DISTINCT person_key) FILTER (WHERE is_paid) AS workers,
  count(DISTINCT (list_id, row_no)) FILTER (WHERE is_paid) AS "workerTimes",
  coalesce(sum(amount) FILTER (WHERE is_paid), 0) AS "amountPaid",
  sum(amount) AS planned
FROM granted GROUP BY programme`;

const paidLoans = `
WITH paid AS (SELECT loan_id, sum(amount) AS amount FROM disbursement WHERE state = 'paid' GROUP BY loan_id)
SELECT count(DISTINCT coalesce(loan.person_id, loan.employer_id)) AS borrowers, coalesce(sum(paid.amount), 0) AS "amountDisbursed",
  (SELECT count(*) FROM loan_job job JOIN loan_worker named USING (loan_id, person_id) JOIN paid USING (loan_id)
   WHERE named.kind = 'created') AS "jobsCreated"
FROM paid JOIN loan ON loan.id = paid.loan_id`;

interface LoanSums {
  borrowers: string;
  amountDisbursed: string;
  jobsCreated: string;
}

interface SupportSums {
  programme: string;
  enterprises: string;
  businessHouseholds: string;
  workers: string;
  workerTimes: string;
  amountPaid: string;
  planned: string;
}

/** The lines of the year, worked out of the rows of the services alone. */
export async function reportYear(suite: Suite, figures: Map<string, Figure>): Promise<ReportLine[]> {
  const sums = await ask<SupportSums>(suite.ownerUrls['social-protection']!, paidSupport);
  const covid = sums.find(({ programme }) => programme === 'covid-support');
  const rent = sums.find(({ programme }) => programme === 'rent-support');
  const [loans] = await ask<LoanSums>(suite.ownerUrls['employment-loans']!, paidLoans);
  const values: Record<string, string | undefined> = {
    'employmentLoans.borrowers': loans?.borrowers,
    'employmentLoans.amountDisbursed': loans?.amountDisbursed,
    'employmentLoans.jobsCreated': loans?.jobsCreated,
    'covidSupport.enterprises': covid?.enterprises,
    'covidSupport.businessHouseholds': covid?.businessHouseholds,
    'covidSupport.workers': covid?.workers,
    'covidSupport.amountPaid': covid?.amountPaid,
    'rentSupport.workerTimes': rent?.workerTimes,
    'rentSupport.amountPaid': rent?.amountPaid,
  };
  const lines = Object.entries(values).map(([indicator, value]) =>
    lineOf(figures.get(indicator)!, BigInt(value ?? 0)),
  );
  const isCompleted = rent !== undefined && rent.amountPaid === rent.planned;
  return [
    ...lines,
    {
      indicator: 'rentSupport.planCompletion',
      value: rent ? ratio(BigInt(rent.amountPaid), BigInt(rent.planned)) : '0',
      atLeast: '1',
      below: '1',
      isKept: isCompleted,
    },
  ];
}

function lineOf({ indicator, atLeast, below }: Figure, value: bigint): ReportLine {
  const isKept = value >= atLeast && value < below;
  return { indicator, value: String(value), atLeast: String(atLeast), below: String(below), isKept };
}

const places = 10_000n;

/** Rounded down, so that 1 is said of the whole alone. */
function ratio(part: bigint, whole: bigint): string {
  const scaled = (part * places) / whole;
  return `${scaled / places}.${String(scaled % places).padStart(4, '0')}`;
}

/** As the owner of the tables, above the policies of offices: it is the report of the province. */
async function ask<Row>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    // Rows came by the hundred thousand since anybody has counted them: the planner would take the tables for empty.
    await client.query('ANALYZE');
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}
