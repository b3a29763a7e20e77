/** What one kind of support pays, and under which policy of Resolution 68/NQ-CP and Decision 23/2021/QĐ-TTg. */
export interface Support {
  amount: string;
  policyCode: string;
  remittance: string;
}

/**
 * A thousand payments as Bắc Ninh made them: amounts of the decision, counted so that 604,000 payments come to
 * 778.5 billion đồng, which is what the province published for 2022. The counts themselves are made up.
 */
const thousandPayments: readonly (Support & { count: number })[] = [
  { count: 501, amount: '1000000', policyCode: 'QD23-05', remittance: 'Hỗ trợ ngừng việc' },
  { count: 40, amount: '2000000', policyCode: 'QD23-05', remittance: 'Hỗ trợ ngừng việc, 1 con dưới 6 tuổi' },
  { count: 125, amount: '1500000', policyCode: 'NQ68-12', remittance: 'Hỗ trợ lao động tự do' },
  { count: 140, amount: '1120000', policyCode: 'QD23-07', remittance: 'Tiền ăn cách ly y tế 14 ngày' },
  { count: 60, amount: '1680000', policyCode: 'QD23-07', remittance: 'Tiền ăn cách ly y tế 21 ngày' },
  { count: 40, amount: '800000', policyCode: 'QD23-07', remittance: 'Tiền ăn điều trị COVID-19 10 ngày' },
  {
    count: 60,
    amount: '1855000',
    policyCode: 'QD23-04',
    remittance: 'Hỗ trợ tạm hoãn hợp đồng dưới 30 ngày',
  },
  {
    count: 6,
    amount: '2855000',
    policyCode: 'QD23-04',
    remittance: 'Hỗ trợ tạm hoãn hợp đồng, đang mang thai',
  },
  { count: 26, amount: '3710000', policyCode: 'QD23-06', remittance: 'Hỗ trợ chấm dứt hợp đồng lao động' },
  { count: 2, amount: '3000000', policyCode: 'QD23-10', remittance: 'Hỗ trợ hộ kinh doanh' },
];

/** One entry a payment of the thousand above, in the order of the kinds. */
export const supportOfThousand: readonly Support[] = thousandPayments.flatMap(({ count, ...support }) =>
  Array<Support>(count).fill(support),
);
