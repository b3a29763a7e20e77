import { formatVnd } from '@ansinh/money';
import type { Language, Text } from '@ansinh/language';
import { findPlace } from '@ansinh/places';
import { columnTitles, type ListColumn } from './list-columns.js';
import { malformedSentence } from './malformed-sentences.js';
import type { MalformedReason } from './raw-row.js';

export type Severity = 'block' | 'warn';

/** What a sentence needs to know; which of them are given depends on the code. Kept as JSON beside a finding. */
export interface FindingFacts {
  /** The cell as it stands in the list, shortened; digits of citizen numbers and accounts are masked. */
  value?: string;
  reason?: MalformedReason;
  /** Cells that the header asks for. */
  expected?: number;
  /** Cells that the row has, or digits that a citizen number has. */
  found?: number;
  /** Characters that a cell may have. */
  limit?: number;
  /** Bounds of the programme, in đồng. */
  min?: string;
  max?: string;
  /** The other payment: its row, and its batch when that is another one. */
  row?: number;
  batch?: string;
  /** The other name; left out where the office may not know it. */
  name?: string;
  /** What the registry says: a death, the beginning of a residence, or when the registry was last read. */
  day?: string;
  /** Code of the commune that a person lives in; left out where the office may not know it. */
  place?: string;
  payees?: number;
  /** Of a payment that the bank made and the books do not know. */
  endToEndId?: string;
  /** The bank's code of an earlier return or refusal. */
  returnReason?: string;
  /** Sum of the list and what the fund has left, in đồng. */
  needed?: string;
  available?: string;
}

interface FindingDefinition {
  /** What it does unless the programme is configured otherwise. */
  severity: Severity;
  /** Whether somebody may take the responsibility and let the payment go. */
  waivable: boolean;
  title: Text;
  /** What is wrong and what to do, for the officer who made the list. */
  sentence: (facts: FindingFacts, column: ListColumn | null) => Text;
}

export const findingCatalogue = {
  MALFORMED_ROW: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Dòng không đọc được', en: 'Unreadable row' },
    sentence: malformedSentence,
  },
  MISSING_FIELD: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Thiếu dữ liệu', en: 'Missing cell' },
    sentence: (_, column) => ({
      vi: `Ô “${titleOf(column, 'vi')}” để trống. Hãy điền rồi gửi lại.`,
      en: `The cell “${titleOf(column, 'en')}” is empty. Fill it in and send the list again.`,
    }),
  },
  INVALID_CITIZEN_ID: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Số định danh sai', en: 'Invalid citizen number' },
    sentence: ({ value = '', found }) =>
      found === 11
        ? {
            vi: `Số định danh “${value}” chỉ có 11 chữ số: có thể Excel đã bỏ số 0 ở đầu. Hãy định dạng cột là Văn bản (Text) và nhập đủ 12 chữ số.`,
            en: `The citizen number “${value}” has only 11 digits: Excel may have dropped the leading zero. Format the column as Text and enter all 12 digits.`,
          }
        : {
            vi: `Số định danh “${value}” không đúng: phải gồm đúng 12 chữ số. Hãy đối chiếu với thẻ căn cước.`,
            en: `The citizen number “${value}” is not valid: it must be exactly 12 digits. Compare it with the identity card.`,
          },
  },
  INVALID_AMOUNT: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Số tiền sai', en: 'Invalid amount' },
    sentence: ({ value = '' }) => ({
      vi: `Số tiền “${value}” không đọc được: chỉ ghi các chữ số của số đồng lớn hơn 0, không dấu chấm, dấu phẩy, khoảng trắng hay chữ, ví dụ 1500000.`,
      en: `The amount “${value}” cannot be read: write only the digits of a number of đồng above 0, without points, commas, spaces or letters, e.g. 1500000.`,
    }),
  },
  AMOUNT_OUT_OF_BOUNDS: {
    severity: 'block',
    waivable: true,
    title: { vi: 'Số tiền ngoài mức quy định', en: 'Amount out of bounds' },
    sentence: ({ value, min, max }) => ({
      vi: `Số tiền ${money(value, 'vi')} nằm ngoài mức của chương trình (từ ${money(min, 'vi')} đến ${money(max, 'vi')}). Hãy kiểm tra lại quyết định chi.`,
      en: `The amount ${money(value, 'en')} is outside the bounds of the programme (${money(min, 'en')} to ${money(max, 'en')}). Check the decision on this payment.`,
    }),
  },
  INVALID_ACCOUNT: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Số tài khoản sai', en: 'Invalid account' },
    sentence: ({ value = '' }) => ({
      vi: `Số tài khoản “${value}” không đúng: phải gồm 6 đến 19 chữ số hoặc chữ cái không dấu, viết liền. Trong Excel hãy định dạng cột là Văn bản (Text) để không mất chữ số.`,
      en: `The account number “${value}” is not valid: it must be 6 to 19 digits or plain letters without spaces. In Excel format the column as Text so that no digit is lost.`,
    }),
  },
  UNKNOWN_BANK: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Ngân hàng không chuyển được', en: 'Unknown bank' },
    sentence: ({ value = '' }) => ({
      vi: `Mã ngân hàng “${value}” không có trong danh sách hoặc không nhận chuyển khoản. Hãy ghi mã BIN gồm 6 chữ số, ví dụ 970405.`,
      en: `The bank code “${value}” is not in the list of banks or takes no transfers. Write its BIN of 6 digits, e.g. 970405.`,
    }),
  },
  UNKNOWN_PLACE: {
    severity: 'block',
    waivable: true,
    title: { vi: 'Mã địa bàn không có', en: 'Unknown place' },
    sentence: ({ value = '' }) => ({
      vi: `Mã địa bàn “${value}” không có trong danh mục đơn vị hành chính. Hãy ghi mã xã, phường gồm 5 chữ số, kể cả số 0 ở đầu.`,
      en: `The place code “${value}” is not an administrative unit that is known. Write the 5-digit code of the commune or ward, leading zero included.`,
    }),
  },
  PROGRAMME_NOT_FUNDED: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Nguồn không chi chương trình này', en: 'Programme not paid by this fund' },
    sentence: () => ({
      vi: 'Nguồn kinh phí của đợt chi không được chi cho chương trình của dòng này. Hãy kiểm tra mã chương trình hoặc chọn nguồn khác.',
      en: 'The fund of this batch may not pay the programme of this row. Check the programme code or choose another fund.',
    }),
  },
  DUPLICATE_IN_LIST: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Trùng trong danh sách', en: 'Duplicate in the list' },
    sentence: ({ row = 0 }) => ({
      vi: `Trùng với dòng ${row}: cùng người, chính sách, kỳ và lần. Nếu là hai khoản khác nhau theo quyết định, hãy ghi cột “Lần” là 2; nếu không, hãy bỏ một dòng.`,
      en: `The same as row ${row}: same person, policy, period and ordinal. If the decision grants two payments, write 2 in the column “Ordinal”; if not, remove one of the rows.`,
    }),
  },
  DUPLICATE_OBLIGATION: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Đã có ở đợt chi khác', en: 'Already in another batch' },
    sentence: ({ row = 0, batch = '' }) => ({
      vi: `Khoản này đã được duyệt, đang chi hoặc đã chi ở đợt ${batch}, dòng ${row}. Không chi lần nữa; hãy bỏ dòng này.`,
      en: `This payment was already approved, sent or paid in batch ${batch}, row ${row}. It will not be paid again; remove this row.`,
    }),
  },
  DUPLICATE_PERSON: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Cùng người, số khác', en: 'The same person, another number' },
    sentence: ({ row = 0, batch }) => ({
      vi: `Theo sổ dân cư, đây cũng là người được chi khoản này bằng số định danh khác ở ${batch ? `đợt ${batch}, ` : ''}dòng ${row}. Mỗi người một lần: hãy bỏ dòng này; nếu là hai khoản khác nhau theo quyết định, hãy ghi cột “Lần” là 2; nếu sổ ghép nhầm hai người, hãy đính chính sổ.`,
      en: `By the registry this is the person who is paid the same under another citizen number in ${batch ? `batch ${batch}, ` : ''}row ${row}. Remove the row; if the decision grants two payments, write 2 in the column “Ordinal”; if two people were taken for one, have the registry corrected.`,
    }),
  },
  NAME_MISMATCH: {
    severity: 'warn',
    waivable: true,
    title: { vi: 'Cùng số định danh, khác tên', en: 'Same citizen number, other name' },
    sentence: ({ row, batch, name }) => {
      const inRegistry = row === undefined;
      return {
        vi: `Số định danh này mang ${name ? `tên “${name}”` : 'tên viết khác dấu'} ở ${inRegistry ? 'sổ dân cư' : `${batch ? `đợt ${batch}, ` : ''}dòng ${row}`}. Hãy đối chiếu thẻ căn cước và sửa số hoặc tên.`,
        en: `This citizen number has ${name ? `the name “${name}”` : 'a name with other marks'} in ${inRegistry ? 'the registry' : `${batch ? `batch ${batch}, ` : ''}row ${row}`}. Compare the identity card and correct the number or the name.`,
      };
    },
  },
  REGISTERED_NAME_DIFFERS: {
    severity: 'block',
    waivable: true,
    title: { vi: 'Tên khác sổ dân cư', en: 'Other name than registered' },
    sentence: ({ name }) => ({
      vi: `Sổ dân cư ghi số định danh này là của ${name ? `“${name}”` : 'người mang tên khác'}. Có thể số này là của người khác: hãy đối chiếu thẻ căn cước và sửa số hoặc tên.`,
      en: `By the registry this citizen number is that of ${name ? `“${name}”` : 'somebody with another name'}. It may be the number of somebody else: compare the identity card and correct the number or the name.`,
    }),
  },
  PAYEE_DECEASED: {
    severity: 'block',
    waivable: true,
    title: { vi: 'Người nhận đã chết', en: 'The payee has died' },
    sentence: ({ day }) => ({
      vi: `Sổ dân cư ghi người này chết ngày ${dayText(day, 'vi')}: từ kỳ sau tháng đó thôi chi. Hãy bỏ dòng này, hoặc đính chính sổ nếu ghi sai.`,
      en: `By the registry this person died on ${dayText(day, 'en')}: nothing is paid for later periods. Remove the row, or have the registry corrected if it is wrong.`,
    }),
  },
  PAYEE_MOVED: {
    severity: 'warn',
    waivable: true,
    title: { vi: 'Người nhận cư trú ở nơi khác', en: 'The payee lives elsewhere' },
    sentence: ({ place, day }) => ({
      vi: `Sổ dân cư ghi người này cư trú ở ${placeText(place) ?? 'địa bàn khác'} từ ngày ${dayText(day, 'vi')}. Hãy xác nhận nơi đó không chi cùng khoản này, hoặc sửa mã địa bàn.`,
      en: `By the registry this person lives in ${placeText(place) ?? 'another area'} since ${dayText(day, 'en')}. Make sure that it is not paid there as well, or correct the place code.`,
    }),
  },
  REGISTRY_UNREAD: {
    severity: 'warn',
    waivable: true,
    title: { vi: 'Chưa đối chiếu với sổ dân cư', en: 'Not compared with the registry' },
    sentence: ({ day }) => ({
      vi: `Danh sách này ${day ? `được đối chiếu với sổ dân cư như đọc lần cuối ngày ${dayText(day, 'vi')}` : 'chưa được đối chiếu với sổ dân cư'}: người đã chết, chuyển đi hoặc khác tên có thể chưa được phát hiện. Hãy kiểm tra lại khi sổ đã kết nối.`,
      en: `This list was ${day ? `compared with the registry as it was last read on ${dayText(day, 'en')}` : 'not compared with the registry'}: who has died, moved or has another name may have gone unnoticed. Check again once the registry is connected.`,
    }),
  },
  SHARED_ACCOUNT: {
    severity: 'warn',
    waivable: true,
    title: { vi: 'Nhiều người chung tài khoản', en: 'Account of several people' },
    sentence: ({ payees = 0 }) => ({
      vi: `${payees} người trong danh sách nhận tiền vào cùng tài khoản này. Hãy xác nhận từng người đồng ý nhận thay hoặc sửa số tài khoản.`,
      en: `${payees} people of the list are paid into this account. Confirm that each agreed to it, or correct the account number.`,
    }),
  },
  UNEXPLAINED_PAYMENT: {
    severity: 'block',
    waivable: true,
    title: { vi: 'Ngân hàng đã chuyển một khoản chưa rõ', en: 'The bank has paid it already, it seems' },
    sentence: ({ value, endToEndId = '' }) => ({
      vi: `Ngân hàng đã chuyển ${money(value, 'vi')} vào tài khoản này theo mã ${endToEndId} mà sổ sách không có. Hãy làm rõ khoản đó trước khi chi, để không chi hai lần.`,
      en: `The bank has paid ${money(value, 'en')} into this account by ${endToEndId}, which the books do not know. Clear that up before this is paid, so that it is not paid twice.`,
    }),
  },
  RETURNED_ACCOUNT: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Tài khoản đã bị ngân hàng trả lại', en: 'Account that the bank refused' },
    sentence: ({ returnReason = '', batch = '', row = 0 }) => ({
      vi: `Khoản này đã chuyển vào chính tài khoản đó ở đợt ${batch}, dòng ${row} và bị trả lại với lý do ${returnReason}: tài khoản sai hoặc đã đóng. Hãy lập lại lô với số tài khoản khác.`,
      en: `This was sent to the same account in batch ${batch}, row ${row} and came back with ${returnReason}: the account is wrong or closed. Make the batch again with another account.`,
    }),
  },
  SAME_ACCOUNT_AGAIN: {
    severity: 'warn',
    waivable: true,
    title: { vi: 'Chi lại vào tài khoản cũ', en: 'Same account again' },
    sentence: ({ returnReason = '', batch = '', row = 0 }) => ({
      vi: `Khoản này đã chuyển vào chính tài khoản đó ở đợt ${batch}, dòng ${row} và bị trả lại với lý do ${returnReason || 'không rõ'}. Hãy xác nhận lý do đó không còn.`,
      en: `This was sent to the same account in batch ${batch}, row ${row} and came back with ${returnReason || 'no reason'}. Confirm that the reason is gone.`,
    }),
  },
  ABOVE_BANK_LIMIT: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Vượt hạn mức ngân hàng', en: 'Above the limit of the bank' },
    sentence: ({ value, max }) => ({
      vi: `Số tiền ${money(value, 'vi')} vượt mức ${money(max, 'vi')} mà ngân hàng của nguồn nhận cho một khoản. Hãy chi khoản này qua nguồn ở ngân hàng khác.`,
      en: `The amount ${money(value, 'en')} is above ${money(max, 'en')}, the most that the bank of the fund takes in one payment. Pay it from a fund at another bank.`,
    }),
  },
  BANK_FIELD_MISSING: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Thiếu dữ liệu ngân hàng yêu cầu', en: 'Missing for the bank' },
    sentence: (_, column) => ({
      vi: `Ngân hàng của nguồn yêu cầu “${titleOf(column, 'vi')}”, nhưng ô này trống hoặc không dùng được. Hãy điền rồi gửi lại.`,
      en: `The bank of the fund wants “${titleOf(column, 'en')}”, but the cell is empty or of no use to it. Fill it in and send the list again.`,
    }),
  },
  BANK_NAME_UNWRITABLE: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Tên không viết được cho ngân hàng', en: 'Name that the bank cannot take' },
    sentence: () => ({
      vi: 'Họ và tên không còn chữ nào khi bỏ những ký tự mà ngân hàng của nguồn không nhận. Hãy ghi tên bằng chữ quốc ngữ như trên thẻ căn cước.',
      en: 'Nothing of the name is left without the characters that the bank of the fund does not take. Write it in Vietnamese letters as on the identity card.',
    }),
  },
  CASH_PLACE_MISSING: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Không rõ xã, phường nhận tiền mặt', en: 'No commune for cash' },
    sentence: () => ({
      vi: 'Bưu điện chi tiền mặt theo từng xã, phường, nhưng mã địa bàn của dòng này không phải là mã xã, phường đã biết. Hãy ghi mã gồm 5 chữ số.',
      en: 'The post office pays cash commune by commune, and the place code of this row is not that of a known commune or ward. Write its code of 5 digits.',
    }),
  },
  INSUFFICIENT_FUND: {
    severity: 'block',
    waivable: false,
    title: { vi: 'Nguồn không đủ tiền', en: 'Insufficient fund' },
    sentence: ({ needed, available }) => ({
      vi: `Danh sách cần ${money(needed, 'vi')} nhưng nguồn chỉ còn ${money(available, 'vi')}. Hãy bổ sung nguồn hoặc chia danh sách.`,
      en: `The list needs ${money(needed, 'en')} but the fund has ${money(available, 'en')} left. Add to the fund or split the list.`,
    }),
  },
} as const satisfies Record<string, FindingDefinition>;

export type FindingCode = keyof typeof findingCatalogue;

/** What is wrong and what to do about it, in both languages. */
export function findingText(code: FindingCode, facts: FindingFacts, column: ListColumn | null = null): Text {
  const definition: FindingDefinition = findingCatalogue[code];
  return definition.sentence(facts, column);
}

function titleOf(column: ListColumn | null, language: Language): string {
  return column ? columnTitles[column][language] : '';
}

/** A day of the facts as people of the language write it. */
function dayText(day: string | undefined, language: Language): string {
  if (day === undefined) return '?';
  return language === 'vi' ? day.split('-').reverse().join('/') : day;
}

function placeText(code: string | undefined): string | undefined {
  return code && `${findPlace(code)?.name ?? ''} (${code})`.trim();
}

/** Amounts in the facts are digits; what is not is shown as it stands rather than hidden. */
function money(digits: string | undefined, language: Language): string {
  return digits !== undefined && /^-?[0-9]+$/.test(digits)
    ? formatVnd(BigInt(digits), language)
    : (digits ?? '?');
}
