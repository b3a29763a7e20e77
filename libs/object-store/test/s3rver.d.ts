/** A server that speaks S3 and checks signatures, for tests; it comes without types. */
declare module '@20minutes/s3rver' {
  interface Options {
    address: string;
    port: number;
    silent: boolean;
    directory: string;
    configureBuckets: { name: string }[];
  }

  class S3rver {
    constructor(options: Options);
    run(): Promise<{ port: number }>;
    close(): Promise<void>;
  }

  // It is a CommonJS module whose whole export is the class.
  export = S3rver;
}
