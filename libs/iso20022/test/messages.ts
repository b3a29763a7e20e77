import type { CamtEntry, CamtHeader, CreditTransfer, Pain001Header } from '../src/index.js';

export const header: Pain001Header = {
  messageId: 'AS-20220701-0001',
  createdAt: '2022-07-01T09:30:00+07:00',
  initiatingParty: { name: 'Sở Lao động – Thương binh và Xã hội tỉnh Bắc Ninh', organisationId: '1057722' },
  paymentInformationId: 'AS-20220701-0001-1',
  executionOn: '2022-07-04',
  debtor: { name: 'Sở Lao động – Thương binh và Xã hội', account: '113000012345', agentBin: '970415' },
};

export const transfers: CreditTransfer[] = [
  {
    endToEndId: 'AS0000000001',
    amount: 1_500_000n,
    creditorName: 'Nguyễn Thị Đào',
    creditorAccount: '0123456789012',
    creditorBin: '970436',
    remittance: 'Ho tro tien thue nha thang 03/2022',
  },
  {
    endToEndId: 'AS0000000002',
    amount: 720_000n,
    creditorName: 'Trần Văn "Út" & <Con>',
    creditorAccount: '9704050000001',
    creditorBin: '970405',
  },
];

export const camtHeader: CamtHeader = {
  messageId: 'BANK-1',
  createdAt: '2022-07-04T10:00:00.123+07:00',
  id: 'NTF-1',
  account: { number: '113000012345', name: 'Sở Lao động – Thương binh và Xã hội', agentBin: '970415' },
};

export const settledEntry: CamtEntry = {
  amount: 2_220_000n,
  direction: 'debit',
  bookedOn: '2022-07-04',
  reference: 'BK000001',
  batch: { messageId: header.messageId, count: 2, total: 2_220_000n },
  transactions: [
    transfers.map((transfer, index) => ({
      endToEndId: transfer.endToEndId,
      amount: transfer.amount,
      direction: 'debit',
      reference: `BK000001-${index + 1}`,
      creditorAccount: transfer.creditorAccount,
      creditorBin: transfer.creditorBin,
    })),
  ],
};

export const returnedEntry: CamtEntry = {
  amount: 720_000n,
  direction: 'credit',
  bookedOn: '2022-07-05',
  reference: 'BK000002',
  transactions: [
    [
      {
        endToEndId: 'AS0000000002',
        amount: 720_000n,
        direction: 'credit',
        reference: 'BK000002-2',
        creditorAccount: '9704050000001',
        creditorBin: '970405',
        returnReason: 'AC04',
      },
    ],
  ],
};

/** Everything that a reader or writer gives, in one array. */
export async function collect<T>(pieces: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const piece of pieces) all.push(...piece);
  return all;
}

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
