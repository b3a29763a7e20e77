import type { ProblemDefinition } from '@ansinh/problem';

export const personProblems = {
  notFound: {
    code: 'PERSON_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy người này', en: 'The person was not found' },
  },
  exists: {
    code: 'PERSON_EXISTS',
    status: 409,
    title: {
      vi: 'Số định danh này đã có trong sổ, có thể ở đơn vị khác',
      en: 'The citizen number is in the registry already, perhaps at another office',
    },
  },
  merged: {
    code: 'PERSON_MERGED',
    status: 409,
    title: {
      vi: 'Hồ sơ này đã được gộp vào hồ sơ khác: hãy dùng hồ sơ ở mergedInto',
      en: 'The record was merged into another one: use the one that mergedInto names',
    },
  },
  numberRecorded: {
    code: 'NUMBER_RECORDED',
    status: 409,
    title: {
      vi: 'Số này đã được ghi với ngày hết hiệu lực khác hoặc không có ngày; bản ghi không sửa lại được',
      en: 'The number is recorded already, with another last day or none, and what is recorded is not written anew',
    },
  },
  dead: {
    code: 'PERSON_DEAD',
    status: 409,
    title: { vi: 'Người này đã được ghi là đã chết', en: 'The person is recorded as dead' },
  },
  notDead: {
    code: 'PERSON_NOT_DEAD',
    status: 409,
    title: { vi: 'Người này không được ghi là đã chết', en: 'The person is not recorded as dead' },
  },
  placeUnknown: {
    code: 'PLACE_UNKNOWN',
    status: 422,
    title: { vi: 'Không có xã, phường với mã này vào ngày đó', en: 'There is no such commune on that day' },
  },
  foreignPlace: {
    code: 'PLACE_OF_ANOTHER_OFFICE',
    status: 403,
    title: {
      vi: 'Nơi cư trú không thuộc địa bàn của đơn vị',
      en: 'The residence does not lie in the area of the office',
    },
  },
  factValue: {
    code: 'FACT_VALUE_UNKNOWN',
    status: 422,
    title: {
      vi: 'Giá trị không thuộc danh mục của loại thông tin này',
      en: 'The kind of fact has no such value',
    },
  },
  accountNotFound: {
    code: 'ACCOUNT_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy tài khoản', en: 'The account was not found' },
  },
  accountState: {
    code: 'ACCOUNT_STATE',
    status: 409,
    title: { vi: 'Trạng thái tài khoản không cho phép', en: 'The state of the account does not allow it' },
  },
} satisfies Record<string, ProblemDefinition>;
