import { describe, expect, test } from '@jest/globals';
import { type TextRule, writeBankText } from './bank-text.js';

const asItIs: TextRule = { fold: 'none', letters: 'asIs', allowed: null };
const plain: TextRule = { fold: 'ascii', letters: 'asIs', allowed: "A-Za-z0-9/?:().,'+ \\-" };
const capitals: TextRule = { fold: 'ascii', letters: 'upper', allowed: "A-Z0-9/?:().,'+ \\-" };

describe('writeBankText', () => {
  test.each([
    ['Nguyễn Thị Đào', plain, 'Nguyen Thi Dao'],
    ['Đặng Văn Ước'.normalize('NFD'), plain, 'Dang Van Uoc'],
    ['Đỗ Thị Ngọc Ánh', capitals, 'DO THI NGOC ANH'],
    ['Trần “Út” & Con_1', capitals, 'TRAN UT + CON 1'],
    ['H’Hen Niê', capitals, 'H HEN NIE'],
    ['Nguyễn Thị Đào', asItIs, 'Nguyễn Thị Đào'],
    ['李小龙', capitals, ''],
  ])('%s', (text, rule, written) => expect(writeBankText(text, rule, 140)).toBe(written));

  test.each([
    [14, 'Nguyễn Thị Đào'],
    [13, 'Nguyễn Thị'],
    [10, 'Nguyễn Thị'],
    [9, 'Nguyễn'],
    [4, 'Nguy'],
  ])('at most %d characters: whole words while one fits', (lengthMax, written) => {
    expect(writeBankText('Nguyễn Thị Đào', asItIs, lengthMax)).toBe(written);
  });

  test('never half of a character', () => {
    expect(writeBankText('𠀀𠀀𠀀', asItIs, 5)).toBe('𠀀𠀀');
  });
});
