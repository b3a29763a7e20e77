import { catalogue } from './catalogue.js';

/** Texts of records that may be of one person. */
export const duplicates = catalogue({
  en: {
    duplicates: 'List records that may be of one person, the likeliest first',
    options: {
      find: 'search all communes of the office first',
      state: 'what was said of the pairs',
      limit: 'how many to show at most',
    },
    searching: 'Searching communes',
    searched: (people: string, pairs: string) => `${people} people searched, ${pairs} pairs found.`,
    passedOver: (code: string, keys: string) => `${code}: ${keys} keys are shared by too many to make pairs.`,
    columns: {
      score: 'SCORE',
      people: ['NAME', 'NUMBER', 'BORN', 'PLACE', 'OTHER NAME', 'NUMBER', 'BORN', 'PLACE'],
      reasons: 'REASONS',
    },
  },
  vi: {
    duplicates: 'Danh sách hồ sơ nghi trùng một người, nghi nhất ở trên',
    options: {
      find: 'rà soát mọi xã, phường của đơn vị trước',
      state: 'kết luận về các cặp',
      limit: 'hiện nhiều nhất bao nhiêu cặp',
    },
    searching: 'Đang rà soát xã, phường',
    searched: (people: string, pairs: string) => `Đã rà soát ${people} người, thấy ${pairs} cặp.`,
    passedOver: (code: string, keys: string) =>
      `${code}: ${keys} khóa có quá nhiều người dùng chung, bỏ qua.`,
    columns: {
      score: 'ĐIỂM',
      people: ['HỌ TÊN', 'SỐ', 'SINH', 'ĐỊA BÀN', 'HỌ TÊN KIA', 'SỐ', 'SINH', 'ĐỊA BÀN'],
      reasons: 'LÝ DO',
    },
  },
});
