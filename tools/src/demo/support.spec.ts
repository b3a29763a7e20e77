import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type Client,
  createSocialProtectionClient,
  type SocialProtectionClient,
  type SupportRun,
} from '@ansinh/client';
import { startSuite, type Suite, throwawayDirectory } from '@ansinh/embedded';
import { generateRows } from '@ansinh/samples';
import { WORKSPACE } from '../command.js';
import { seedDemo } from '../seed-demo.js';
import { signIn, tokenFor } from './sign-in.js';

let suite: Suite;
let run: SupportRun;
let batchCode: string;
const support = {} as Record<'maker' | 'checker1' | 'insurance' | 'district256', SocialProtectionClient>;
const people = {} as Record<'checker1' | 'operator', Client>;
const files = throwawayDirectory('support');
const taxCode = '2300100016';

beforeAll(async () => {
  suite = await startSuite({ workspace: WORKSPACE, persistent: false, ports: 'free' });
  await seedDemo(suite);
  for (const who of ['maker', 'checker1', 'insurance', 'district256'] as const) {
    const token = await tokenFor(suite, who);
    support[who] = createSocialProtectionClient({ baseUrl: suite.addresses.socialProtection, token });
  }
  for (const who of ['checker1', 'operator'] as const) people[who] = await signIn(suite, who);
});
afterAll(() => suite.stop());

const csv = (name: string, rows: object[]) => {
  const path = join(files, name);
  const lines = [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row) as string[])];
  writeFileSync(path, lines.map((cells) => `${cells.join(',')}\n`).join(''));
  return { type: 'text/csv' as const, open: () => createReadStream(path) };
};

async function until<Value>(look: () => Promise<Value | null>): Promise<Value> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('from the list of an employer to money that a citizen has explained', () => {
  test('a list is decided on by law, approved, and goes as a payment list to the disbursements', async () => {
    const workers = [...generateRows({ rows: 6, seed: 11 })].map(
      ({ payeeId, payeeName, bankBin, account }) => ({
        citizenNumber: payeeId,
        name: payeeName,
        bankBin,
        account,
        stoppedFrom: '2021-06-01',
        stoppedUntil: '2021-06-20',
        isStoppageByArticle99: 'có',
      }),
    );
    const list = await support.district256.lists.bring(
      {
        programme: 'covid-support',
        choice: 'policy5',
        taxCode,
        employerName: 'Công ty Đồng Tâm',
        employerType: 'enterprise',
        placeCode: '09163',
        receivedOn: '2021-12-01',
      },
      csv('workers.csv', workers),
    );
    expect(list).toMatchObject({ rows: 6, blocked: 0, isRefused: false });
    const answers = workers.map(({ citizenNumber }, index) => ({
      citizenNumber,
      taxCode,
      month: '2021-06',
      isInsured: index === 5 ? 'không' : 'có',
    }));
    const earlier = {
      citizenNumber: workers[5]!.citizenNumber,
      taxCode,
      month: '2021-05',
      isInsured: 'không',
    };
    await support.insurance.insurance.confirm(csv('insured.csv', [...answers, earlier]));
    run = await support.maker.runs.start({ programme: 'covid-support', decidedOn: '2022-06-01' });
    while (run.state === 'deciding') run = await support.maker.runs.decideNext(run.id);
    expect((await support.maker.runs.summary(run.id)).outcomes).toEqual([
      { outcome: 'granted', decisions: 5, amount: '5000000' },
      { outcome: 'refused', decisions: 1, amount: '0' },
    ]);
    await support.maker.runs.submit(run.id);
    await support.checker1.runs.approve(run.id, run.digest!);
    const fund = (await people.operator.funds.list()).items.find(({ code }) => code === 'NS-NQ68')!;
    await support.maker.payouts.start(run.id, {
      fundId: fund.id,
      channel: 'iso20022-http',
      purpose: 'Hỗ trợ đợt 1',
    });
    const payout = await until(async () => {
      const [found] = (await support.maker.payouts.list(run.id)).items;
      return found?.state === 'submitted' ? found : null;
    });
    expect(payout).toMatchObject({ rows: 5, amount: '5000000', problem: null });
    batchCode = payout.batchCode!;
  });

  test('people approve and send it there, and the outcomes come back', async () => {
    const batch = (await people.operator.batches.list()).items.find(({ code }) => code === batchCode)!;
    await people.checker1.batches.approve(batch.id, batch.digest!);
    await people.operator.batches.transmit(batch.id);
    const outcomes = await until(async () => {
      const [found] = (await support.maker.payouts.list(run.id)).items;
      return found?.state === 'settled' ? found.outcomes : null;
    });
    expect(outcomes).toEqual([{ status: 'paid', lines: 5, amount: '5000000' }]);
    const again = support.maker.payouts.start(run.id, {
      fundId: batch.fundId,
      channel: 'iso20022-http',
      purpose: 'Hỗ trợ đợt 1, lần nữa',
    });
    await expect(again).rejects.toMatchObject({ problem: { code: 'SUPPORT_PAYOUT_EMPTY' } });
  });

  const ask = async (query: string) => {
    const answer = await fetch(`${suite.addresses.gateway}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokenFor(suite, 'auditor')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ query }),
    });
    return (await answer.json()) as { data: object; errors?: object[] };
  };

  test('one query leads from the payment to entitlement, decision, rule, article and facts, and another back', async () => {
    const forth = await ask(`{ batches(first: 1) { edges { node { code payments(first: 1) { edges { node {
      endToEndId paidOn paidAmount state
      entitlement { amount state decision { outcome rules digest articles { number article } facts { fact value } } }
      person { numberKey } } } } } } } }`);
    expect(forth.errors).toBeUndefined();
    const payment = {
      endToEndId: `${batchCode}-0000001`,
      paidAmount: '1000000',
      state: 'PAID',
      entitlement: {
        amount: '1000000',
        state: 'PAID',
        decision: {
          outcome: 'GRANTED',
          rules: ['C-05'],
          articles: [{ number: '23/2021/QĐ-TTg', article: '18' }],
        },
      },
    };
    expect(forth.data).toMatchObject({
      batches: { edges: [{ node: { code: batchCode, payments: { edges: [{ node: payment }] } } }] },
    });
    const back = await ask(`{ batches(first: 1) { edges { node { payments(first: 1) { edges { node { person {
      entitlements { edges { node { endToEndId decision { rules } } } }
      payments { edges { node { endToEndId paidOn entitlement { amount } } } } } } } } } } } }`);
    expect(back.errors).toBeUndefined();
    expect(JSON.stringify(back.data)).toContain(
      `"endToEndId":"${batchCode}-0000001","decision":{"rules":["C-05"]`,
    );
    expect(JSON.stringify(back.data)).toMatch(
      /"paidOn":"\d{4}-\d{2}-\d{2}","entitlement":\{"amount":"1000000"\}/,
    );
  });

  test('and one from what the bank has booked, by the id that its notice tells', async () => {
    const { data, errors } = await ask(`{ statementEntries(endToEndId: "${batchCode}-0000001") {
      kind direction amount payment { endToEndId state
        entitlement { amount decision { rules articles { number article } facts { fact value } } } } } }`);
    expect(errors).toBeUndefined();
    const decision = {
      rules: ['C-05'],
      articles: [{ number: '23/2021/QĐ-TTg', article: '18' }],
      facts: expect.arrayContaining([{ fact: 'isInsuredThen', value: 'true' }]),
    };
    const payment = { endToEndId: `${batchCode}-0000001`, state: 'PAID', entitlement: { decision } };
    expect(data).toMatchObject({
      statementEntries: [{ kind: 'camt.054', direction: 'DEBIT', amount: '1000000', payment }],
    });
  });
});
