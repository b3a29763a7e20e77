import { open } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { ObjectMissing, type ObjectStore, type SpooledObject } from './object-store.js';

export interface S3Settings {
  bucket: string;
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const connectionTimeoutMs = 5_000;
const requestTimeoutMs = 60_000;

/** What fails is thrown to the caller, who logs it: the SDK would write it to the console beside our log. */
const nothing = () => {};
const unheard = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Objects in a bucket of any server that speaks S3. */
export class S3Store implements ObjectStore {
  private opened: Promise<{ client: S3Client; sdk: typeof import('@aws-sdk/client-s3') }> | null = null;

  constructor(private readonly settings: S3Settings) {}

  /** The server is told what the bytes must come to, and refuses others. */
  async put({ name, path, bytes }: SpooledObject): Promise<void> {
    const { client, sdk } = await this.open();
    const file = await open(path);
    try {
      await client.send(
        new sdk.PutObjectCommand({
          Bucket: this.settings.bucket,
          Key: name,
          Body: file.createReadStream({ autoClose: false }),
          ContentLength: bytes,
          ChecksumSHA256: Buffer.from(name, 'hex').toString('base64'),
        }),
      );
    } finally {
      await file.close();
    }
  }

  async get(name: string): Promise<AsyncIterable<Uint8Array>> {
    const { client, sdk } = await this.open();
    try {
      const { Body } = await client.send(
        new sdk.GetObjectCommand({ Bucket: this.settings.bucket, Key: name }),
      );
      return Body as unknown as AsyncIterable<Uint8Array>;
    } catch (error) {
      if (error instanceof sdk.NoSuchKey) throw new ObjectMissing(name);
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    const { client, sdk } = await this.open();
    await client.send(new sdk.DeleteObjectCommand({ Bucket: this.settings.bucket, Key: name }));
  }

  /** Loaded when it is first needed: most processes of this code keep their objects in a folder. */
  private open() {
    return (this.opened ??= import('@aws-sdk/client-s3').then((sdk) => {
      const { endpoint, region, accessKeyId, secretAccessKey } = this.settings;
      const client = new sdk.S3Client({
        endpoint,
        region,
        logger: unheard,
        credentials: { accessKeyId, secretAccessKey },
        // Servers of one's own have no DNS name for each bucket, and not all know checksums that nobody asked for.
        forcePathStyle: true,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        requestHandler: { connectionTimeout: connectionTimeoutMs, requestTimeout: requestTimeoutMs },
      });
      return { client, sdk };
    }));
  }
}
