/** What a paper may come as: a scan or a photograph, or what was made on a computer. */
export const mediaTypes = { pdf: 'application/pdf', jpeg: 'image/jpeg', png: 'image/png' } as const;

export type MediaType = (typeof mediaTypes)[keyof typeof mediaTypes];

/** The first bytes of each, as their standards have them (ISO 32000, ITU-T T.81, ISO/IEC 15948). */
const signatures: Record<MediaType, Buffer> = {
  'application/pdf': Buffer.from('%PDF-'),
  'image/jpeg': Buffer.from([0xff, 0xd8, 0xff]),
  'image/png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
};

export const signatureBytesMax = Math.max(...Object.values(signatures).map(({ length }) => length));

/** What the content is, whatever it is called; null: nothing that we take. */
export function mediaTypeOf(head: Buffer): MediaType | null {
  const types = Object.values(mediaTypes);
  return types.find((type) => head.subarray(0, signatures[type].length).equals(signatures[type])) ?? null;
}

export const extensionOf = (type: MediaType): string =>
  ({ 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' })[type];
