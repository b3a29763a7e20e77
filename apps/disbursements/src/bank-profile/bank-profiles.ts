import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { plainToInstance, Type } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsObject, IsString, ValidateNested, validateSync } from 'class-validator';
import type { Transaction } from '@ansinh/database';
import { standardProfile, type BankProfile as MessageProfile } from '@ansinh/iso20022';
import { BankProfileContent, type BankProfileView } from './bank-profile.dto.js';
import shipped from './data/bank-profiles.json' with { type: 'json' };

/** A file of profiles: which there are, which bank has which, and which the others have. */
class BankProfileFile {
  @IsString()
  default: string;

  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => BankProfileContent)
  profiles: BankProfileContent[];

  /** Id of a profile by the BIN of the payer's bank. */
  @IsObject()
  banks: Record<string, string>;
}

export interface VersionedProfile {
  digest: string;
  content: BankProfileContent;
}

/** The profiles that hold now. What a batch was checked by stands in its own row and outlives them. */
export class BankProfiles {
  private readonly byId = new Map<string, VersionedProfile>();

  private constructor(private readonly file: BankProfileFile) {
    for (const content of file.profiles) {
      const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
      this.byId.set(content.id, { digest, content });
    }
  }

  /**
   * @param path of a file that takes the place of the one that comes with the product
   * @throws Error naming everything that is wrong with it
   */
  static read(path: string | null): BankProfiles {
    const source: unknown = path === null ? shipped : JSON.parse(readFileSync(path, 'utf8'));
    const file = plainToInstance(BankProfileFile, source);
    const wrong = [
      ...validateSync(file, { whitelist: true, forbidNonWhitelisted: true }).map((error) =>
        error.toString(false, false, '', true).trim(),
      ),
    ];
    if (wrong.length === 0) wrong.push(...referenceErrors(file));
    if (wrong.length > 0) throw new Error(`Bank profiles (${path ?? 'of the product'}): ${wrong.join('; ')}`);
    return new BankProfiles(file);
  }

  /** The profile of a payer's bank. */
  of(bin: string): VersionedProfile {
    return this.byId.get(this.file.banks[bin] ?? this.file.default)!;
  }

  list(): BankProfileView[] {
    return [...this.byId.values()].map(({ digest, content }) => ({
      ...content,
      digest,
      banks: Object.keys(this.file.banks).filter((bin) => this.file.banks[bin] === content.id),
      isDefault: content.id === this.file.default,
    }));
  }
}

function referenceErrors({ profiles, banks, default: byDefault }: BankProfileFile): string[] {
  const ids = new Set(profiles.map(({ id }) => id));
  const wrong: string[] = [];
  if (ids.size < profiles.length) wrong.push('two profiles have one id');
  if (!ids.has(byDefault)) wrong.push(`default: no profile ${byDefault}`);
  for (const [bin, id] of Object.entries(banks)) {
    if (!/^\d{6}$/.test(bin)) wrong.push(`banks: ${bin} is not a BIN`);
    if (!ids.has(id)) wrong.push(`banks: no profile ${id}`);
  }
  for (const { id, text } of profiles) {
    if (text.allowed !== null && !isCharacterClass(text.allowed))
      wrong.push(`${id}: text.allowed cannot be read`);
  }
  return wrong;
}

/** A class that PostgreSQL and ECMAScript read alike: no classes within, and no backslash but before a hyphen. */
function isCharacterClass(allowed: string): boolean {
  if (/\\(?!-)|[[\]]/.test(allowed)) return false;
  try {
    return new RegExp(`^[${allowed}]$`, 'u').test(' ');
  } catch {
    return false;
  }
}

/** Notes the content under its digest, so that the batch can be written by it whatever becomes of the file. */
export async function keepProfile(tx: Transaction, { digest, content }: VersionedProfile): Promise<void> {
  await tx.query('INSERT INTO bank_profile (digest, content) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    digest,
    JSON.stringify(content),
  ]);
}

/** How a message is written; batches of before there were profiles are written by the standard. */
export function messageProfileOf(content: BankProfileContent | null): MessageProfile {
  if (content === null) return standardProfile;
  const { text, nameLengthMax, remittanceLengthMax, purposeCode } = content;
  return {
    version: content.messageVersion,
    text,
    nameLengthMax,
    remittanceLengthMax,
    purposeCode,
    withAddress: content.required.includes('address'),
  };
}
