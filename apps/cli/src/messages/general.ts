import { catalogue } from './catalogue.js';

export const general = catalogue({
  en: {
    about: 'An Sinh for operators of payments: from a list of payments to a reconciled statement.',
    exitCodes: `Exit codes:
  0 done                        4 refused by the service
  1 unexpected                  5 not signed in, or not allowed
  2 wrong usage                 6 the service cannot be reached
  3 a check or verification found something wrong`,
    environment: `Environment:
  ANSINH_URL      the service              (http://127.0.0.1:4001)
  ANSINH_REGISTRY_URL   the registry       (http://127.0.0.1:4004)
  ANSINH_SOCIAL_PROTECTION_URL   programmes of support   (http://127.0.0.1:4005)
  ANSINH_EMPLOYMENT_LOANS_URL   employment loans   (http://127.0.0.1:4006)
  ANSINH_ISSUER   the issuer of sign-ins   (http://127.0.0.1:4003)
  ANSINH_TOKEN    use this access token and no stored sign-in
  ANSINH_DEBUG    print stack traces`,
    options: {
      url: 'address of the service',
      as: 'act as this signed-in user',
      lang: 'language; by default that of the locale',
      json: 'print exactly one JSON document on standard output',
      help: 'show help',
      version: 'show the version',
    },
    service: 'which service: disbursements, or the registry',
    helpCommand: 'show the help of a command',
    titles: {
      'Usage:': 'Usage:',
      'Arguments:': 'Arguments:',
      'Options:': 'Options:',
      'Global Options:': 'Global options:',
      'Commands:': 'Commands:',
    } as Record<string, string>,
    usageWords: { '[options]': '[options]', '[command]': '[command]' } as Record<string, string>,
    examples: 'Examples:',
    choices: (values: string) => `one of ${values}`,
    byDefault: (value: string) => `default ${value}`,
    error: 'Error',
    requestId: 'request',
    noneFound: 'Nothing found.',
    more: (limit: number) => `There is more: only the first ${limit} are shown (--limit).`,
    saved: (file: string) => `Saved ${file}`,
    retrying: (reason: string, seconds: string) => `No answer (${reason}); trying again in ${seconds} s`,
    unreachable: 'The service cannot be reached',
    unexpected: 'Unexpected error',
    notSignedIn: 'Not signed in',
    wrongUsage: 'Wrong usage',
    yes: 'yes',
    no: 'no',
    usage: {
      missingArgument: (name: string) => `The argument <${name}> is missing.`,
      optionMissingArgument: (flags: string) => `The option "${flags}" needs a value.`,
      missingOption: (flags: string) => `The option "${flags}" is required.`,
      unknownOption: (flag: string) => `There is no option "${flag}".`,
      unknownCommand: (name: string) => `There is no command "${name}".`,
      excessArguments: 'There are too many arguments.',
      conflictingOption: (one: string, other: string) => `"${one}" cannot be used with "${other}".`,
      invalidValue: (flags: string, value: string) => `"${value}" is not a valid value of "${flags}".`,
      suggestion: (name: string) => `Did you mean "${name}"?`,
      incomplete: 'A command is missing.',
      seeHelp: (command: string) => `See "${command} --help".`,
      amount: 'Write the amount in đồng, digits only, without separators.',
      wholeNumber: 'Write a whole number above zero.',
      instant: 'Write an instant as 2026-11-23T17:00:00+07:00.',
      severity: 'Write CODE=block or CODE=warn.',
      band: 'Write AMOUNT=CHECKERS, or *=CHECKERS for the last band.',
      rate: 'Write a number from 0 to 1.',
      allowed: (values: string) => `Allowed: ${values}.`,
      needsOutput: 'With --json the file needs a name: give --output FILE.',
      noSuchFile: (file: string) => `The file "${file}" cannot be read.`,
      unknownListType: (file: string) =>
        `The type of "${file}" is not known: give --format csv, ndjson or xlsx.`,
      badUrl: (value: string) => `"${value}" is not an http or https address.`,
    },
  },
  vi: {
    about: 'An Sinh dành cho cán bộ chi trả: từ danh sách chi đến sao kê đã đối chiếu.',
    exitCodes: `Mã kết thúc:
  0 xong                        4 hệ thống từ chối
  1 lỗi không lường trước       5 chưa đăng nhập hoặc không có quyền
  2 dùng sai lệnh               6 không kết nối được hệ thống
  3 bước kiểm tra phát hiện sai sót`,
    environment: `Biến môi trường:
  ANSINH_URL      địa chỉ hệ thống            (http://127.0.0.1:4001)
  ANSINH_REGISTRY_URL   hệ thống đăng ký   (http://127.0.0.1:4004)
  ANSINH_SOCIAL_PROTECTION_URL   các chương trình hỗ trợ   (http://127.0.0.1:4005)
  ANSINH_EMPLOYMENT_LOANS_URL   cho vay giải quyết việc làm   (http://127.0.0.1:4006)
  ANSINH_ISSUER   địa chỉ hệ thống đăng nhập  (http://127.0.0.1:4003)
  ANSINH_TOKEN    dùng mã truy cập này thay cho phiên đã lưu
  ANSINH_DEBUG    in vết lỗi`,
    options: {
      url: 'địa chỉ hệ thống',
      as: 'làm việc với phiên của người dùng này',
      lang: 'ngôn ngữ; mặc định theo máy',
      json: 'chỉ in đúng một tài liệu JSON ra đầu ra chuẩn',
      help: 'xem hướng dẫn',
      version: 'xem phiên bản',
    },
    service: 'của dịch vụ nào: chi trả (disbursements) hay đăng ký (registry)',
    helpCommand: 'xem hướng dẫn của một lệnh',
    titles: {
      'Usage:': 'Cách dùng:',
      'Arguments:': 'Tham số:',
      'Options:': 'Tùy chọn:',
      'Global Options:': 'Tùy chọn chung:',
      'Commands:': 'Các lệnh:',
    },
    usageWords: { '[options]': '[tùy chọn]', '[command]': '[lệnh]' },
    examples: 'Ví dụ:',
    choices: (values) => `một trong: ${values}`,
    byDefault: (value) => `mặc định ${value}`,
    error: 'Lỗi',
    requestId: 'mã yêu cầu',
    noneFound: 'Không có mục nào.',
    more: (limit) => `Còn nữa: chỉ hiện ${limit} mục đầu (--limit).`,
    saved: (file) => `Đã lưu ${file}`,
    retrying: (reason, seconds) => `Chưa có trả lời (${reason}); thử lại sau ${seconds} giây`,
    unreachable: 'Không kết nối được hệ thống',
    unexpected: 'Lỗi không lường trước',
    notSignedIn: 'Chưa đăng nhập',
    wrongUsage: 'Dùng sai lệnh',
    yes: 'có',
    no: 'không',
    usage: {
      missingArgument: (name) => `Thiếu tham số <${name}>.`,
      optionMissingArgument: (flags) => `Tùy chọn «${flags}» cần có giá trị.`,
      missingOption: (flags) => `Phải có tùy chọn «${flags}».`,
      unknownOption: (flag) => `Không có tùy chọn «${flag}».`,
      unknownCommand: (name) => `Không có lệnh «${name}».`,
      excessArguments: 'Thừa tham số.',
      conflictingOption: (one, other) => `Không dùng «${one}» cùng với «${other}».`,
      invalidValue: (flags, value) => `«${value}» không phải giá trị hợp lệ của «${flags}».`,
      suggestion: (name) => `Có phải ý bạn là «${name}»?`,
      incomplete: 'Thiếu tên lệnh.',
      seeHelp: (command) => `Xem «${command} --help».`,
      amount: 'Hãy viết số tiền bằng đồng, chỉ gồm chữ số, không có dấu phân cách.',
      wholeNumber: 'Hãy viết số nguyên lớn hơn 0.',
      instant: 'Hãy viết thời điểm như 2026-11-23T17:00:00+07:00.',
      severity: 'Hãy viết MÃ=block hoặc MÃ=warn.',
      band: 'Hãy viết SỐ_TIỀN=SỐ_NGƯỜI_DUYỆT, hoặc *=SỐ_NGƯỜI_DUYỆT cho mức cuối.',
      rate: 'Hãy viết một số từ 0 đến 1.',
      allowed: (values) => `Cho phép: ${values}.`,
      needsOutput: 'Khi dùng --json phải đặt tên tệp: --output TỆP.',
      noSuchFile: (file) => `Không đọc được tệp «${file}».`,
      unknownListType: (file) => `Không rõ loại của «${file}»: hãy thêm --format csv, ndjson hoặc xlsx.`,
      badUrl: (value) => `«${value}» không phải địa chỉ http hoặc https.`,
    },
  },
});
