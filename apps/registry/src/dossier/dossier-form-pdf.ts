import { todayInVietnam } from '@ansinh/calendar';
import { day, Paper, textWidth, timeOf, upright as page, writeLetterhead } from '@ansinh/paper';

/** The forms that an applicant gets at the desk, by their numbers in Circular 01/2018/TT-VPCP. */
export const formKinds = ['receipt', 'supplementRequest', 'refusal', 'apology'] as const;
export type FormKind = (typeof formKinds)[number];

export interface DossierForm {
  kind: FormKind;
  /** The office whose desk it is. */
  office: string;
  code: string;
  procedure: string;
  applicant: string;
  phone: string | null;
  address: string;
  /** What was handed in, or what is asked for. */
  papers: string[];
  reason: string | null;
  /** When the desk took it, asked, refused or apologised. */
  at: Date;
  dueOn: string | null;
  /** The day that is promised instead. */
  promisedOn: string | null;
  officer: string;
  secret: string;
}

const width = textWidth(page);

const titles: Record<FormKind, { number: string; title: string[] }> = {
  receipt: { number: 'Mẫu số 01', title: ['GIẤY TIẾP NHẬN HỒ SƠ', 'VÀ HẸN TRẢ KẾT QUẢ'] },
  supplementRequest: { number: 'Mẫu số 02', title: ['PHIẾU YÊU CẦU', 'BỔ SUNG, HOÀN THIỆN HỒ SƠ'] },
  refusal: { number: 'Mẫu số 03', title: ['PHIẾU TỪ CHỐI', 'TIẾP NHẬN GIẢI QUYẾT HỒ SƠ'] },
  apology: { number: 'Mẫu số 04', title: ['PHIẾU XIN LỖI VÀ HẸN LẠI', 'NGÀY TRẢ KẾT QUẢ'] },
};

const size = 13;

export async function writeDossierForm(form: DossierForm): Promise<Uint8Array> {
  const { title } = titles[form.kind];
  const paper = new Paper({
    width: page.width,
    height: page.height,
    title: `${title.join(' ')} ${form.code}`,
    createdOn: todayInVietnam(form.at),
  });
  paper.document.addPage();
  let y = writeHead(paper, form);
  for (const text of textOf(form)) {
    if (y > page.height - 180) {
      paper.document.addPage();
      y = page.top;
    }
    y = paper.write(text, page.left, y, width, { size }) + 5;
  }
  writeSignatures(paper, form, Math.min(y + 14, page.height - 120));
  return paper.finish();
}

function writeHead(paper: Paper, { kind, office, code, at }: DossierForm): number {
  const { number: formNumber, title } = titles[kind];
  const desk = 'BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ';
  return writeLetterhead(paper, page, {
    formNumber,
    office,
    desk,
    number: code,
    on: todayInVietnam(at),
    title,
  });
}

/** The lines of the form, one paragraph each. */
function textOf(form: DossierForm): string[] {
  const applicant = [
    `${form.kind === 'receipt' ? 'Tiếp nhận hồ sơ của' : 'Hồ sơ của'}: ${form.applicant}`,
    `Địa chỉ: ${form.address}`,
    `Số điện thoại: ${form.phone ?? '……………………'}`,
    `Nội dung yêu cầu giải quyết: ${form.procedure}`,
  ];
  const papers = form.papers.map((paper, index) => `${index + 1}. ${paper};`);
  const at = timeOf(form.at);
  switch (form.kind) {
    case 'receipt':
      return [
        ...applicant,
        'Thành phần hồ sơ nộp gồm:',
        ...papers,
        `Thời gian nhận hồ sơ: ${at}`,
        ...(form.dueOn === null ? [] : [`Thời gian trả kết quả giải quyết hồ sơ: ngày ${day(form.dueOn)}`]),
        `Mã tra cứu (chỉ dành cho người nộp hồ sơ): ${form.secret}`,
      ];
    case 'supplementRequest':
      return [
        ...applicant,
        'Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:',
        ...papers,
        `Lý do: ${form.reason ?? 'Hồ sơ còn thiếu các giấy tờ nêu trên.'}`,
        `Thời gian yêu cầu: ${at}. Yêu cầu bổ sung chỉ được đưa ra một lần.`,
        `Mã tra cứu (chỉ dành cho người nộp hồ sơ): ${form.secret}`,
      ];
    case 'refusal':
      return [
        ...applicant,
        `Qua xem xét, ${form.office} thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:`,
        form.reason ?? '',
        'Xin thông báo để ông/bà được biết và thực hiện.',
      ];
    case 'apology':
      return [
        ...applicant,
        ...(form.dueOn === null
          ? []
          : [`Thời gian hẹn trả kết quả giải quyết hồ sơ: ngày ${day(form.dueOn)}.`]),
        `Tuy nhiên, ${form.office} không trả kết quả được đúng thời hạn ghi trên, với lý do:`,
        form.reason ?? '',
        'Sự chậm trễ này gây phiền hà, tốn kém chi phí, công sức của ông/bà. Chúng tôi xin lỗi ông/bà và mong được thông cảm.',
        ...(form.promisedOn === null ? [] : [`Chúng tôi sẽ trả kết quả vào ngày ${day(form.promisedOn)}.`]),
      ];
  }
}

const signerTitles: Record<FormKind, string> = {
  receipt: 'NGƯỜI TIẾP NHẬN HỒ SƠ',
  supplementRequest: 'NGƯỜI HƯỚNG DẪN',
  refusal: 'NGƯỜI HƯỚNG DẪN',
  apology: 'THỦ TRƯỞNG ĐƠN VỊ',
};

function writeSignatures(paper: Paper, { kind, applicant, officer }: DossierForm, y: number): void {
  const half = width / 2;
  const signers = [
    kind === 'receipt' ? (['NGƯỜI NỘP HỒ SƠ', applicant] as const) : null,
    // Whoever wrote the apology is not the head who signs it.
    [signerTitles[kind], kind === 'apology' ? '' : officer] as const,
  ];
  signers.forEach((signer, index) => {
    if (!signer) return;
    const x = page.left + half * index;
    paper.put(signer[0], x, y, half, { font: 'bold', size: 11 });
    paper.put('(Ký và ghi rõ họ tên)', x, y + 15, half, { size: 10 });
    paper.put(signer[1], x, y + 78, half, { size: 11, height: 28 });
  });
}
