import { expect, test } from '@jest/globals';
import { vndInWords } from './index.js';

test.each([
  [0n, 'Không đồng'],
  [1n, 'Một đồng'],
  [5n, 'Năm đồng'],
  [10n, 'Mười đồng'],
  [11n, 'Mười một đồng'],
  [15n, 'Mười lăm đồng'],
  [20n, 'Hai mươi đồng'],
  [21n, 'Hai mươi mốt đồng'],
  [25n, 'Hai mươi lăm đồng'],
  [101n, 'Một trăm linh một đồng'],
  [110n, 'Một trăm mười đồng'],
  [115n, 'Một trăm mười lăm đồng'],
  [1_000n, 'Một nghìn đồng'],
  [1_005n, 'Một nghìn không trăm linh năm đồng'],
  [360_000n, 'Ba trăm sáu mươi nghìn đồng'],
  [1_500_000n, 'Một triệu năm trăm nghìn đồng'],
  [1_005_000n, 'Một triệu không trăm linh năm nghìn đồng'],
  [2_000_015n, 'Hai triệu không trăm mười lăm đồng'],
  [1_000_000_000n, 'Một tỷ đồng'],
  [1_000_000_001n, 'Một tỷ không trăm linh một đồng'],
  [778_000_000_000n, 'Bảy trăm bảy mươi tám tỷ đồng'],
  [1_021_000_000_000n, 'Một nghìn không trăm hai mươi mốt tỷ đồng'],
  [
    999_999_999_999n,
    'Chín trăm chín mươi chín tỷ chín trăm chín mươi chín triệu chín trăm chín mươi chín nghìn chín trăm chín mươi chín đồng',
  ],
])('%p is %s', (amount, words) => expect(vndInWords(amount)).toBe(words));

test('refuses what is no amount', () => expect(() => vndInWords(-1n)).toThrow(RangeError));
