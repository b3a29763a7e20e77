import { todayInVietnam, vietnamTime } from '@ansinh/calendar';
import { Paper } from '@ansinh/paper';

/** The forms that an applicant gets at the desk, by their numbers in Circular 01/2018/TT-VPCP. */
export type FormKind = 'receipt' | 'supplementRequest' | 'refusal';

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
  /** When the desk took it, asked or refused. */
  at: Date;
  dueOn: string | null;
  officer: string;
  secret: string;
}

/** A4 upright, in points, with the margins of state papers (30 mm on the left). */
const page = { width: 595.28, height: 841.89, top: 56, left: 85, right: 42 };
const width = page.width - page.left - page.right;

const titles: Record<FormKind, { number: string; title: string[] }> = {
  receipt: { number: 'Mẫu số 01', title: ['GIẤY TIẾP NHẬN HỒ SƠ', 'VÀ HẸN TRẢ KẾT QUẢ'] },
  supplementRequest: { number: 'Mẫu số 02', title: ['PHIẾU YÊU CẦU', 'BỔ SUNG, HOÀN THIỆN HỒ SƠ'] },
  refusal: { number: 'Mẫu số 03', title: ['PHIẾU TỪ CHỐI', 'TIẾP NHẬN GIẢI QUYẾT HỒ SƠ'] },
};

const day = (iso: string) => iso.split('-').reverse().join('/');
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
  const half = width / 2;
  const right = page.left + half;
  const { number, title } = titles[kind];
  paper.put(number, right, page.top - 22, half, { size: 10, align: 'right' });
  paper.put(office.toUpperCase(), page.left, page.top, half, { size: 11, height: 28 });
  const desk = 'BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ';
  paper.put(desk, page.left, page.top + 28, half, { font: 'bold', size: 10 });
  paper.put('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', right, page.top, half, {
    font: 'bold',
    size: 11,
    height: 14,
  });
  paper.put('Độc lập - Tự do - Hạnh phúc', right, page.top + 16, half, { font: 'bold', size: 12 });
  const ruleY = page.top + 33;
  paper.document
    .moveTo(right + 50, ruleY)
    .lineTo(right + half - 50, ruleY)
    .lineWidth(0.7)
    .stroke();
  paper.put(`Số: ${code}`, page.left, page.top + 50, half, { size: 11 });
  const [year, month, date] = todayInVietnam(at).split('-');
  paper.put(`ngày ${date} tháng ${month} năm ${year}`, right, page.top + 50, half, { size: 11 });
  title.forEach((line, index) =>
    paper.put(line, page.left, page.top + 84 + 19 * index, width, { font: 'bold', size: 14 }),
  );
  return page.top + 138;
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
  const time = vietnamTime(form.at).slice(11, 16).replace(':', ' giờ ');
  const at = `${time} phút, ngày ${day(todayInVietnam(form.at))}`;
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
  }
}

function writeSignatures(paper: Paper, { kind, applicant, officer }: DossierForm, y: number): void {
  const half = width / 2;
  const signers = [
    kind === 'receipt' ? (['NGƯỜI NỘP HỒ SƠ', applicant] as const) : null,
    [kind === 'receipt' ? 'NGƯỜI TIẾP NHẬN HỒ SƠ' : 'NGƯỜI HƯỚNG DẪN', officer] as const,
  ];
  signers.forEach((signer, index) => {
    if (!signer) return;
    const x = page.left + half * index;
    paper.put(signer[0], x, y, half, { font: 'bold', size: 11 });
    paper.put('(Ký và ghi rõ họ tên)', x, y + 15, half, { size: 10 });
    paper.put(signer[1], x, y + 78, half, { size: 11, height: 28 });
  });
}
