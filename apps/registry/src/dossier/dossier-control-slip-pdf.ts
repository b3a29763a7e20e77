import { todayInVietnam } from '@ansinh/calendar';
import { type Cell, day, Paper, textWidth, timeOf, upright, writeLetterhead } from '@ansinh/paper';

/** A time that the dossier was with one office: from its coming to its going on. */
export interface SlipStay {
  step: string;
  /** By whom it came there, and in whose hands it was. */
  from: string;
  to: string;
  cameAt: Date;
  wentAt: Date | null;
  dueOn: string;
  /** Against that day; null: it is still there, and in time. */
  standing: 'early' | 'onTime' | 'late' | null;
  note: string;
}

export interface ControlSlip {
  office: string;
  code: string;
  procedure: string;
  applicant: string;
  papers: number;
  receivedAt: Date;
  dueOn: string;
  promisedOn: string | null;
  stays: SlipStay[];
}

const title = ['PHIẾU KIỂM SOÁT QUÁ TRÌNH', 'GIẢI QUYẾT HỒ SƠ'];
const width = textWidth(upright);
const size = 12;
const widths = [96, 118, 96, 58, width - 368];
const heads = ['Bước, đơn vị', 'Giao, nhận', 'Thời gian', 'Kết quả', 'Ghi chú'];
const rowHeight = 62;
const standings = { early: 'Trước hạn', onTime: 'Đúng hạn', late: 'Quá hạn' };

/** Form 05: goes along with the dossier, and says who had it from when until when. */
export async function writeControlSlip(slip: ControlSlip): Promise<Uint8Array> {
  const on = todayInVietnam(slip.receivedAt);
  const paper = new Paper({ ...upright, title: `${title.join(' ')} ${slip.code}`, createdOn: on });
  const { left, top, height } = upright;
  paper.document.addPage();
  const desk = 'BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ';
  let y = writeLetterhead(paper, upright, {
    formNumber: 'Mẫu số 05',
    office: slip.office,
    desk,
    number: slip.code,
    on,
    title,
  });
  const promised = slip.promisedOn === null ? '' : `; hẹn lại: ngày ${day(slip.promisedOn)}`;
  for (const text of [
    `Tên thủ tục: ${slip.procedure}`,
    `Người nộp hồ sơ: ${slip.applicant}`,
    `Số giấy tờ trong hồ sơ: ${slip.papers}`,
    `Nhận lúc: ${timeOf(slip.receivedAt)}; hẹn trả kết quả: ngày ${day(slip.dueOn)}${promised}`,
  ])
    y = paper.write(text, left, y, width, { size }) + 4;
  const head = () =>
    paper.row(cells(heads), left, y, { size: 10, font: 'bold', align: 'center', height: 24 });
  y += 6;
  y = head();
  for (const stay of slip.stays) {
    if (y + rowHeight > height - top) {
      paper.document.addPage();
      y = top;
      y = head();
    }
    y = paper.row(cells(textsOf(stay)), left, y, { size: 10, align: 'left', height: rowHeight });
  }
  return paper.finish();
}

const cells = (texts: string[]): Cell[] => texts.map((text, index) => ({ text, width: widths[index]! }));

function textsOf({ step, from, to, cameAt, wentAt, dueOn, standing, note }: SlipStay): string[] {
  const went = wentAt === null ? 'Chưa chuyển tiếp' : `Chuyển: ${timeOf(wentAt)}`;
  return [
    step,
    `Giao: ${from} - Nhận: ${to}`,
    `Nhận: ${timeOf(cameAt)}. ${went}. Hạn: ${day(dueOn)}`,
    standing === null ? '' : standings[standing],
    note,
  ];
}
