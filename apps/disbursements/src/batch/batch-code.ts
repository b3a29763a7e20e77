/** `LO-00000042` (lô chi trả): what people say, and the head of each end-to-end id. */
export function batchCode(batchNumber: string | number): string {
  return `LO-${String(batchNumber).padStart(8, '0')}`;
}

/** The number in a {@link batchCode}. */
export function batchNumberOf(code: string): string {
  return BigInt(code.slice('LO-'.length)).toString();
}

/** `LO-00000042-0000123`: names one payment for ever, at our side and at the bank (ISO 20022: at most 35 characters). */
export function endToEndId(batchNumber: string | number, row: number): string {
  return `${batchCode(batchNumber)}-${String(row).padStart(7, '0')}`;
}

/** Only the one way in which {@link endToEndId} writes it: padded to the least length, and no zero in front beyond that. */
export const endToEndPattern = /^LO-(\d{8}|[1-9]\d{8,17})-(\d{7}|[1-9]\d{7,8})$/;

/** The payment that an end-to-end id names; null for one that we did not make. */
export function readEndToEndId(id: string): { batchNumber: string; row: number } | null {
  const match = endToEndPattern.exec(id);
  return match && { batchNumber: match[1]!.replace(/^0{1,7}/, ''), row: Number(match[2]) };
}

/** Whether it names one of our messages, as the approval does: `LO-00000042-C00001`. */
export const isMessageId = (id: string): boolean => /^LO-\d{8,18}-C\d{5,9}$/.test(id);

/** `LO-00000042-C00001`: names one message to the bank for ever. The approval writes the same by SQL. */
export function messageIdOf(batchNumber: string | bigint, chunkNo: number): string {
  return `${batchCode(String(batchNumber))}-C${String(chunkNo).padStart(5, '0')}`;
}
