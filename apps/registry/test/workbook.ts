import ExcelJS from 'exceljs';
import { type PlayedClient, statedPurpose } from '@ansinh/testing';

export const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A list as a workbook: its rows of texts, the titles first. */
export async function readList(client: PlayedClient, path: string): Promise<string[][]> {
  const reply = await client
    .get(path)
    .set({ accept: xlsx, 'accept-language': 'vi', ...statedPurpose })
    .responseType('blob')
    .expect(200)
    .expect('content-type', xlsx)
    .expect('content-disposition', /^attachment; filename="[a-z]+\.xlsx"$/);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(reply.body as never);
  const rows = workbook.worksheets[0]!.getSheetValues() as (string | undefined)[][];
  return rows.slice(1).map((cells) => Array.from(cells, (cell) => cell ?? '').slice(1));
}
