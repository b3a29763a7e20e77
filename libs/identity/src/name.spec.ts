import { describe, expect, test } from '@jest/globals';
import { nameKey, normaliseName, stripDiacritics, toBankAscii } from './index.js';

test.each([
  ['decomposed letters', 'Nguyễn Thị Hoà'.normalize('NFD'), 'Nguyễn Thị Hoà'],
  ['outer and double spaces', '  Trần   Văn  Đức ', 'Trần Văn Đức'],
  ['no-break spaces', 'Trần\u00a0Văn\u202fĐức', 'Trần Văn Đức'],
  ['zero-width characters', '\ufeffTrần\u200b Văn\u200d Đức\u2060', 'Trần Văn Đức'],
  ['soft hyphens', 'Tr\u00adần', 'Trần'],
  ['a plain name', 'Lê An', 'Lê An'],
  ['nothing', ' ', ''],
])('normaliseName composes and cleans %s', (_, text, name) => expect(normaliseName(text)).toBe(name));

describe('nameKey', () => {
  test.each([
    ['Hoà', 'Hòa'],
    ['HOÀ', 'hòa'],
    ['Hoè', 'Hòe'],
    ['khoẻ', 'khỏe'],
    ['Thuỷ', 'Thủy'],
    ['Thuý', 'Thúy'],
    ['Quý', 'Qúy'],
    ['Toại Hoạ Loã', 'Tọai Họa Lõa'],
    ['Nguyễn Thị Hoà'.normalize('NFD'), 'NGUYỄN  THỊ HÒA'],
    ['Đặng Thuỳ', 'ĐẶNG THÙY'],
    ['Hoàn Khoát Huỳnh Quỳnh', 'HOÀN KHOÁT HUỲNH QUỲNH'],
  ])('%s and %s are one name', (one, other) => expect(nameKey(one)).toBe(nameKey(other)));

  test.each([
    ['Mỹ', 'Mĩ'],
    ['Quý', 'Quí'],
    ['Lý', 'Lí'],
    ['Đạt', 'Dạt'],
    ['Hoa', 'Hoà'],
    ['Hòa', 'Hóa'],
    ['Thuy', 'Thùy'],
    ['Văn An', 'Vănan'],
  ])('%s and %s are two names', (one, other) => expect(nameKey(one)).not.toBe(nameKey(other)));

  test('is the same for its own result', () => {
    const key = nameKey('Nguyễn Thị Thuỷ Hoà Loè');
    expect(nameKey(key)).toBe(key);
    expect(key).toBe('NGUYỄN THỊ THỦY HÒA LÒE');
  });
});

test.each([
  ['Đặng Thị Hoà', 'Dang Thi Hoa', 'DANG THI HOA'],
  ['đỗ đình đường'.normalize('NFD'), 'do dinh duong', 'DO DINH DUONG'],
  ['Nguyễn Phước Tường Vy', 'Nguyen Phuoc Tuong Vy', 'NGUYEN PHUOC TUONG VY'],
  ['Y Blơk Êban', 'Y Blok Eban', 'Y BLOK EBAN'],
  ["H'Hen Niê", "H'Hen Nie", "H'HEN NIE"],
  ['Lê & Con_1', 'Le & Con_1', 'LE + CON 1'],
  ['  Lê–Văn   Tám_* ', '  Le–Van   Tam_* ', 'LE VAN TAM'],
  ['Ｌｅ', 'Ｌｅ', ''],
])('%s is %s without diacritics and %s for a bank', (name, stripped, ascii) => {
  expect(stripDiacritics(name)).toBe(stripped);
  expect(toBankAscii(name)).toBe(ascii);
});
