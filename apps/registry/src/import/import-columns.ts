import type { Text } from '@ansinh/language';
import { columnSet, type ColumnSet } from '@ansinh/payment-list';

export const importKinds = ['people', 'households', 'employers', 'employment'] as const;
export type ImportKind = (typeof importKinds)[number];

export interface ImportColumn {
  name: string;
  title: Text;
  /** Other headers that offices write. */
  aliases?: string[];
  isOptional?: boolean;
  width: number;
}

const numberAliases = ['CCCD', 'số CCCD', 'căn cước', 'số căn cước', 'số định danh cá nhân', 'mã định danh'];
const placeAliases = ['mã xã', 'mã phường', 'mã xã/phường', 'commune'];

/** Columns of each kind of list, in the order of the list that comes back. */
export const importColumns: Record<ImportKind, readonly ImportColumn[]> = {
  people: [
    {
      name: 'citizenNumber',
      title: { vi: 'Số định danh', en: 'Citizen number' },
      aliases: numberAliases,
      isOptional: true,
      width: 16,
    },
    {
      name: 'name',
      title: { vi: 'Họ và tên', en: 'Full name' },
      aliases: ['họ tên', 'tên'],
      width: 28,
    },
    {
      name: 'birth',
      title: { vi: 'Ngày sinh', en: 'Born' },
      aliases: ['năm sinh', 'ngày tháng năm sinh', 'born on', 'birth year'],
      width: 12,
    },
    { name: 'sex', title: { vi: 'Giới tính', en: 'Sex' }, aliases: ['giới'], width: 10 },
    { name: 'ethnicity', title: { vi: 'Dân tộc', en: 'Ethnicity' }, isOptional: true, width: 12 },
    {
      name: 'placeCode',
      title: { vi: 'Mã địa bàn', en: 'Place code' },
      aliases: placeAliases,
      width: 12,
    },
    {
      name: 'address',
      title: { vi: 'Địa chỉ', en: 'Address' },
      aliases: ['nơi ở'],
      isOptional: true,
      width: 30,
    },
    {
      name: 'residentFrom',
      title: { vi: 'Cư trú từ ngày', en: 'Resident from' },
      aliases: ['ngày đến', 'valid from'],
      isOptional: true,
      width: 14,
    },
    {
      name: 'insuranceNumber',
      title: { vi: 'Số BHXH', en: 'Insurance number' },
      aliases: ['mã số BHXH'],
      isOptional: true,
      width: 14,
    },
    {
      name: 'phone',
      title: { vi: 'Điện thoại', en: 'Telephone' },
      aliases: ['số điện thoại', 'phone'],
      isOptional: true,
      width: 14,
    },
  ],
  households: [
    { name: 'household', title: { vi: 'Mã hộ', en: 'Household' }, aliases: ['số hộ', 'hộ'], width: 12 },
    {
      name: 'citizenNumber',
      title: { vi: 'Số định danh', en: 'Citizen number' },
      aliases: numberAliases,
      width: 16,
    },
    {
      name: 'relation',
      title: { vi: 'Quan hệ với chủ hộ', en: 'Relation' },
      aliases: ['quan hệ', 'relation to the head'],
      width: 16,
    },
    {
      name: 'memberFrom',
      title: { vi: 'Từ ngày', en: 'Member from' },
      aliases: ['ngày vào hộ', 'valid from'],
      width: 14,
    },
  ],
  employers: [
    { name: 'taxCode', title: { vi: 'Mã số thuế', en: 'Tax code' }, aliases: ['MST'], width: 16 },
    {
      name: 'name',
      title: { vi: 'Tên đơn vị', en: 'Name' },
      aliases: ['tên doanh nghiệp', 'đơn vị', 'employer'],
      width: 40,
    },
    {
      name: 'kind',
      title: { vi: 'Loại hình', en: 'Kind' },
      aliases: ['loại đơn vị'],
      width: 18,
    },
    {
      name: 'park',
      title: { vi: 'Khu công nghiệp', en: 'Industrial park' },
      aliases: ['KCN', 'park'],
      isOptional: true,
      width: 20,
    },
    {
      name: 'placeCode',
      title: { vi: 'Mã địa bàn', en: 'Place code' },
      aliases: placeAliases,
      width: 12,
    },
  ],
  employment: [
    { name: 'taxCode', title: { vi: 'Mã số thuế', en: 'Tax code' }, aliases: ['MST'], width: 16 },
    {
      name: 'citizenNumber',
      title: { vi: 'Số định danh', en: 'Citizen number' },
      aliases: numberAliases,
      width: 16,
    },
    {
      name: 'contractFrom',
      title: { vi: 'Hợp đồng từ ngày', en: 'Contract from' },
      aliases: ['ngày ký', 'từ ngày'],
      width: 14,
    },
    {
      name: 'contractUntil',
      title: { vi: 'Hợp đồng đến ngày', en: 'Contract until' },
      aliases: ['đến ngày'],
      isOptional: true,
      width: 14,
    },
    {
      name: 'insuredFrom',
      title: { vi: 'Đóng BHXH từ ngày', en: 'Insured from' },
      isOptional: true,
      width: 14,
    },
    {
      name: 'insuredUntil',
      title: { vi: 'Đóng BHXH đến ngày', en: 'Insured until' },
      isOptional: true,
      width: 14,
    },
  ],
};

/** What the header of a list of this kind may name. */
export function columnsOf(kind: ImportKind): ColumnSet {
  const columns = importColumns[kind];
  return columnSet(
    columns.map(({ name }) => name),
    new Set(columns.filter(({ isOptional }) => isOptional).map(({ name }) => name)),
    Object.fromEntries(
      columns.map(({ name, title, aliases = [] }) => [name, [title.vi, title.en, ...aliases]]),
    ),
  );
}
