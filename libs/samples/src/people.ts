import { weighted, type Random } from './random.js';

const familyNames = weighted([
  ['Nguyễn', 38],
  ['Trần', 11],
  ['Lê', 9],
  ['Phạm', 7],
  ['Vũ', 5],
  ['Hoàng', 4],
  ['Đặng', 3],
  ['Bùi', 3],
  ['Đỗ', 3],
  ['Ngô', 3],
  ['Dương', 2],
  ['Đào', 2],
  ['Ngụy', 1],
  ['Trịnh', 1],
  ['Phan', 1],
  ['Đinh', 1],
  ['Lưu', 1],
  ['Mai', 1],
  ['Tạ', 1],
  ['Chu', 1],
]);

const middleNames = {
  male: [
    'Văn',
    'Văn',
    'Văn',
    'Đức',
    'Hữu',
    'Quang',
    'Công',
    'Minh',
    'Xuân',
    'Đình',
    'Bá',
    'Thế',
    'Mạnh',
    'Ngọc',
  ],
  female: [
    'Thị',
    'Thị',
    'Thị',
    'Thị',
    'Ngọc',
    'Thu',
    'Hồng',
    'Thanh',
    'Kim',
    'Phương',
    'Bích',
    'Thuỳ',
    'Minh',
  ],
};

const givenNames = {
  male: [
    ...[
      'Anh',
      'Bình',
      'Chiến',
      'Cường',
      'Dũng',
      'Duy',
      'Đạt',
      'Đức',
      'Giang',
      'Hải',
      'Hiếu',
      'Hoà',
      'Hoàng',
      'Hùng',
    ],
    ...[
      'Huy',
      'Khánh',
      'Khoa',
      'Lâm',
      'Linh',
      'Long',
      'Mạnh',
      'Nam',
      'Nghĩa',
      'Phong',
      'Phúc',
      'Quân',
      'Quý',
      'Sơn',
    ],
    ...['Tài', 'Thành', 'Thắng', 'Thịnh', 'Tiến', 'Toàn', 'Trung', 'Tuấn', 'Tú', 'Việt', 'Vinh', 'Vượng'],
  ],
  female: [
    ...[
      'An',
      'Ánh',
      'Chi',
      'Diệp',
      'Dung',
      'Duyên',
      'Giang',
      'Hà',
      'Hạnh',
      'Hằng',
      'Hiền',
      'Hoa',
      'Hoà',
      'Huệ',
      'Hương',
    ],
    ...[
      'Huyền',
      'Lan',
      'Liên',
      'Linh',
      'Loan',
      'Ly',
      'Mai',
      'My',
      'Nga',
      'Ngân',
      'Nhung',
      'Oanh',
      'Phương',
      'Quyên',
    ],
    ...['Tâm', 'Thảo', 'Thơm', 'Thu', 'Thuỷ', 'Thúy', 'Trang', 'Tuyết', 'Vân', 'Xuân', 'Yến'],
  ],
};

/** Provinces of birth registration: most workers of Bắc Ninh come from there and from its neighbours. */
const birthPlaces = weighted([
  ['027', 62],
  ['024', 14],
  ['020', 5],
  ['019', 5],
  ['001', 4],
  ['030', 4],
  ['038', 3],
  ['040', 3],
]);

const OLDEST_BIRTH_YEAR = 1962;
const BIRTH_YEARS = 42;
const TAILS = 1_000_000;
/** Coprime to the number of tails, so that counting by it meets every tail once. */
const TAIL_STRIDE = 387_421;
/** Keeps the tails of lists of neighbouring seeds apart for as long as the lists are short. */
const SEED_STRIDE = 61_803;

export const MOST_PEOPLE = TAILS * BIRTH_YEARS;

export interface SamplePerson {
  payeeId: string;
  payeeName: string;
}

/** The person number `index` (from 0, below `MOST_PEOPLE`) of a seed. No two of them have the same citizen number. */
export function samplePerson(random: Random, seed: number, index: number): SamplePerson {
  const tail = ((((index % TAILS) + (seed % TAILS) * SEED_STRIDE) % TAILS) * TAIL_STRIDE) % TAILS;
  // People of one tail differ by their year of birth, one year for each time that the tails have been used up.
  const firstYear = (tail * 31 + seed) % BIRTH_YEARS;
  const birthYear = OLDEST_BIRTH_YEAR + ((firstYear + Math.floor(index / TAILS)) % BIRTH_YEARS);
  const isFemale = random.next() < 0.55;
  const centuryAndSex = (birthYear < 2000 ? 0 : 2) + (isFemale ? 1 : 0);
  const year = String(birthYear % 100).padStart(2, '0');
  return {
    payeeId: `${random.pick(birthPlaces)}${centuryAndSex}${year}${String(tail).padStart(6, '0')}`,
    payeeName: sampleName(random, isFemale ? 'female' : 'male'),
  };
}

export function sampleName(random: Random, sex: 'male' | 'female'): string {
  return `${random.pick(familyNames)} ${random.pick(middleNames[sex])} ${random.pick(givenNames[sex])}`;
}
