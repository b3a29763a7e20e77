import { catalogue } from './catalogue.js';

/** Texts about books that may be older than the bank's. */
export const recovery = catalogue({
  en: {
    group: 'Bring the books up to the bank after a backup came back',
    status: 'Show whether anything may be sent, and why not (exit code 3 when not)',
    begin:
      'Stop all sending and compare every open message and all documents with the bank; waits for the end of it',
    end: 'Let batches be sent again; each that was being sent stays paused until it is resumed',
    options: {
      beginNote: 'which backup, and who decided; 10 to 300 characters',
      endNote: 'what was found and done about it; 10 to 300 characters',
    },
    open: 'Batches may be sent.',
    notCompared: 'NOTHING IS SENT: the bank was not asked yet since the database was started.',
    ahead: (count: string) =>
      `NOTHING IS SENT: the bank knows ${count} messages that these books have never sent. Run: ansinh recover begin`,
    running: {
      asking: 'NOTHING IS SENT: the bank is being asked for every open message.',
      collecting: 'NOTHING IS SENT: the documents of the bank are being read.',
      collected: 'NOTHING IS SENT: look at what was found, then run: ansinh recover end',
    },
    facts: {
      started: 'Database started',
      recovery: 'Recovery',
      numbers: 'Numbers given to no batch',
      paused: 'Batches paused',
      asked: 'Messages asked for',
      newlyKnown: 'Sent, and lost from the books',
      lost: 'Known to the bank alone',
      byHand: 'Carried by people: ask the bank',
      unknown: 'Paid, not in the books',
      problem: 'Does not go on',
    },
    asking: 'Messages asked for',
  },
  vi: {
    group: 'Đưa sổ sách khớp với ngân hàng sau khi khôi phục dữ liệu từ bản sao lưu',
    status: 'Xem có được gửi hay không, và vì sao (mã thoát 3 khi chưa được gửi)',
    begin:
      'Dừng mọi việc gửi, hỏi ngân hàng về từng điện chưa xong và đọc mọi chứng từ của ngân hàng; chờ đến khi xong',
    end: 'Cho gửi trở lại; lô đang gửi dở vẫn tạm dừng cho đến khi có người cho tiếp tục',
    options: {
      beginNote: 'bản sao lưu nào, ai quyết định; từ 10 đến 300 ký tự',
      endNote: 'đã thấy gì và xử lý thế nào; từ 10 đến 300 ký tự',
    },
    open: 'Được gửi các lô.',
    notCompared: 'CHƯA ĐƯỢC GỬI: chưa hỏi ngân hàng từ khi cơ sở dữ liệu khởi động.',
    ahead: (count) =>
      `CHƯA ĐƯỢC GỬI: ngân hàng biết ${count} điện mà sổ sách chưa hề gửi. Hãy chạy: ansinh recover begin`,
    running: {
      asking: 'CHƯA ĐƯỢC GỬI: đang hỏi ngân hàng về từng điện chưa xong.',
      collecting: 'CHƯA ĐƯỢC GỬI: đang đọc chứng từ của ngân hàng.',
      collected: 'CHƯA ĐƯỢC GỬI: hãy xem kết quả, rồi chạy: ansinh recover end',
    },
    facts: {
      started: 'CSDL khởi động lúc',
      recovery: 'Lần khôi phục',
      numbers: 'Số lô bỏ trống',
      paused: 'Lô được tạm dừng',
      asked: 'Điện đã hỏi',
      newlyKnown: 'Đã gửi nhưng sổ sách mất',
      lost: 'Chỉ ngân hàng biết',
      byHand: 'Điện chuyển tay: hãy hỏi ngân hàng',
      unknown: 'Đã trả, sổ sách không có',
      problem: 'Chưa tiếp tục được',
    },
    asking: 'Điện đã hỏi',
  },
});
