import { everyItem } from '@ansinh/client';
import type { Suite } from '@ansinh/embedded';
import { BankWitness } from '@ansinh/witness';
import { signIn } from './demo/sign-in.js';

const programme = {
  code: 'NQ68',
  name: 'Hỗ trợ người lao động gặp khó khăn do đại dịch COVID-19 (NQ 68/NQ-CP)',
};
const account = {
  bin: '970405',
  number: '2600201000001',
  name: 'SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI BẮC NINH',
};
const amount = '800000000000';

/** Puts into a new installation what the first steps need: a programme and a fund with money. Does nothing the second time. */
export async function seedDemo(suite: Suite): Promise<void> {
  const operator = await signIn(suite, 'operator');
  for await (const { code } of everyItem((page) => operator.funds.list(page))) if (code === 'NS-NQ68') return;
  await operator.programmes.put(programme);
  const fund = await operator.funds.create({
    code: 'NS-NQ68',
    name: 'Kinh phí hỗ trợ người lao động theo Nghị quyết 68',
    budgetSource: 'Ngân sách tỉnh',
    programmeCodes: [programme.code],
    channel: 'iso20022-http',
    account,
  });
  await operator.funds.allot(fund.id, { amount, reference: 'QĐ-KP-01' });
  const bank = new BankWitness(suite.addresses.bank, suite.secrets.BANK_API_TOKEN);
  await bank.openAccount({ number: account.number, name: account.name, openingBalance: amount });
}
