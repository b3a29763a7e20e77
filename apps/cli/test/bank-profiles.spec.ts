import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Service, startService } from './service.js';
import { ansinh } from './terminal.js';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

test('shows how each bank wants to be written to', async () => {
  const profile = {
    id: 'older',
    messageVersion: 'pain.001.001.03',
    messagePaymentsMax: 1000,
    messageAmountMax: null,
    paymentAmountMax: '499999999',
    text: { fold: 'ascii', letters: 'upper', allowed: 'A-Z0-9 ' },
    required: ['remittance'],
    banks: ['970436'],
    isDefault: true,
  };
  service.on('GET /v1/bank-profiles', () => ({ items: [profile] }));
  const { out, code } = await ansinh(service.url, ['bank-profiles', '--lang', 'en']);
  expect(code).toBe(0);
  expect(out.split('\n')[1]!.split(/ {2,}/)).toEqual([
    'older',
    'pain.001.001.03',
    '1000',
    'any',
    '499,999,999 đ',
    'capitals, no marks',
    'remittance',
    '970436, all others',
  ]);
});
