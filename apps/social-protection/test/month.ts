import type { PlayedClient } from '@ansinh/testing';
import type { BeneficiaryHistory } from '../src/beneficiary/beneficiary.dto.js';
import type { ChangeView } from '../src/run/change.dto.js';
import type { RunView } from '../src/run/run.dto.js';
import { approved, newNumber } from './support.js';

type Row = Record<string, string>;

/** Somebody of a register's list, with an account. */
export const registered = (facts: Row, number = newNumber()): Row => ({
  citizenNumber: number,
  name: 'Nguyễn Thị Hoà',
  bankBin: '970405',
  account: `26${number.slice(-8)}`,
  ...facts,
});

export const disabled = (disability: string, bornOn: string): Row => ({
  bornOn,
  disability,
  certificateOn: '2021-08-20',
});

export const registerHead = (appliesFrom: string, over: Row = {}): Row => ({
  programme: 'monthly-allowance',
  choice: 'register',
  months: appliesFrom,
  employerName: 'UBND phường',
  employerType: 'other',
  placeCode: '09163',
  receivedOn: `${appliesFrom}-01`,
  ...over,
});

/** A run of a month, decided to its end. */
export async function decidedMonth(client: PlayedClient, month: string, over: object = {}): Promise<RunView> {
  const input = { programme: 'monthly-allowance', month, decidedOn: `${month}-10`, ...over };
  let run = (await client.post('/v1/support-runs', input).expect(201)).body as RunView;
  while (run.state === 'deciding')
    run = (await client.post(`/v1/support-runs/${run.id}/chunks`).expect(201)).body as RunView;
  return run;
}

export async function approvedMonth(
  maker: PlayedClient,
  checker: PlayedClient,
  month: string,
  over: object = {},
): Promise<RunView> {
  return approved(maker, checker, await decidedMonth(maker, month, over));
}

export async function changesOf(client: PlayedClient, run: RunView): Promise<ChangeView[]> {
  const { body } = await client.get(`/v1/support-runs/${run.id}/changes?limit=500`).expect(200);
  return (body as { items: ChangeView[] }).items;
}

export async function entered(
  client: PlayedClient,
  facts: object,
  over: object = {},
): Promise<BeneficiaryHistory> {
  const input = {
    programme: 'monthly-allowance',
    number: newNumber(),
    name: 'Trần Văn Bình',
    placeCode: '09163',
    dossierCode: 'H05.12-220301-0001',
    appliesFrom: '2022-03',
    facts,
    basis: 'Quyết định 12/QĐ-UBND',
    ...over,
  };
  return (await client.post('/v1/beneficiaries', input).expect(201)).body as BeneficiaryHistory;
}
