/**
 * Why two records may be one person, or may not: each reason has a weight, and the score is their sum. Weights are ours, not the
 * law's: they order the work of people, and decide nothing.
 */
export const duplicateReasons = {
  SAME_NUMBER: {
    weight: 70,
    message: { vi: 'Có chung một số giấy tờ tuỳ thân', en: 'They have a number of identity in common' },
  },
  SAME_INSURANCE: {
    weight: 60,
    message: { vi: 'Cùng mã số bảo hiểm xã hội', en: 'The same social insurance number' },
  },
  SAME_NAME_BIRTH: {
    weight: 55,
    message: {
      vi: 'Cùng họ tên (không kể dấu) và ngày sinh',
      en: 'The same name, marks aside, and the same day of birth',
    },
  },
  SAME_ACCOUNT: {
    weight: 45,
    message: { vi: 'Cùng tài khoản ngân hàng', en: 'The same bank account' },
  },
  SAME_NAME_YEAR: {
    weight: 35,
    message: {
      vi: 'Cùng họ tên, năm sinh và xã; một bản ghi không có ngày sinh',
      en: 'The same name, year and commune; the day of birth of one is not known',
    },
  },
  SIMILAR_NAME_BIRTH: {
    weight: 35,
    message: {
      vi: 'Họ tên gần giống, cùng ngày sinh và xã',
      en: 'Names alike, the same day of birth and commune',
    },
  },
  SAME_PHONE: { weight: 25, message: { vi: 'Cùng số điện thoại', en: 'The same telephone number' } },
  SAME_PLACE: { weight: 10, message: { vi: 'Cùng xã, phường', en: 'The same commune' } },
  OTHER_NUMBER: {
    weight: -20,
    message: { vi: 'Mỗi người có số định danh riêng', en: 'Each has a citizen number of his own' },
  },
  OTHER_BIRTH: { weight: -20, message: { vi: 'Khác năm sinh', en: 'Another year of birth' } },
  OTHER_SEX: { weight: -25, message: { vi: 'Khác giới tính', en: 'Another sex' } },
} as const satisfies Record<string, { weight: number; message: { vi: string; en: string } }>;

export type DuplicateReasonCode = keyof typeof duplicateReasons;

export const reasonCodes = Object.keys(duplicateReasons) as DuplicateReasonCode[];

/** What speaks against it; a pair that was judged is not opened again by one of these. */
export const reasonsAgainst = reasonCodes.filter((code) => duplicateReasons[code].weight < 0);

/** Below it a pair is not worth a look: namesakes of one day with numbers of their own in two communes have 35. */
export const scoreMin = 40;

/** A key that more people share says nothing of two of them: a telephone of the village, the account of a guardian. */
export const sharedMax = 20;

/** Of names of one day and commune: below it they are other names, as a rule. */
export const likenessMin = 0.6;
