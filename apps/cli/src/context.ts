import type { Readable, Writable } from 'node:stream';
import {
  type Client,
  type ClientOptions,
  createClient,
  createEmploymentLoansClient,
  createRegistryClient,
  createSocialProtectionClient,
  type EmploymentLoansClient,
  type Language,
  type RegistryClient,
  type SocialProtectionClient,
} from '@ansinh/client';
import { UsageError } from './failure.js';
import { type Messages, messagesIn } from './messages/index.js';
import { formatAmount, formatCount } from './output/numbers.js';
import { accessToken } from './session/access-token.js';
import type { ServiceName } from './usage.js';

export interface Terminal {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean; columns?: number };
  env: NodeJS.ProcessEnv;
}

export interface GlobalOptions {
  url?: string;
  as?: string;
  json?: boolean;
}

/** One run of the program: its terminal, its language, the options that every command shares, and its outcome. */
export class Context {
  exitCode = 0;
  options: GlobalOptions = {};
  readonly text: Messages;
  private madeClient: Client | undefined;
  private madeRegistry: RegistryClient | undefined;
  private madeSocialProtection: SocialProtectionClient | undefined;
  private madeEmploymentLoans: EmploymentLoansClient | undefined;

  constructor(
    readonly terminal: Terminal,
    readonly language: Language,
  ) {
    this.text = messagesIn(language);
  }

  get json(): boolean {
    return this.options.json ?? false;
  }

  get url(): string {
    return this.address(this.options.url ?? this.terminal.env['ANSINH_URL'] ?? 'http://127.0.0.1:4001');
  }

  get issuer(): string {
    return this.address(this.terminal.env['ANSINH_ISSUER'] ?? 'http://127.0.0.1:4003').replace(/\/+$/, '');
  }

  get client(): Client {
    return (this.madeClient ??= createClient(this.clientOptions(this.url)));
  }

  /** Another service at an address of its own: `--url` is that of disbursements. */
  get registry(): RegistryClient {
    const url = this.terminal.env['ANSINH_REGISTRY_URL'] ?? 'http://127.0.0.1:4004';
    return (this.madeRegistry ??= createRegistryClient(this.clientOptions(this.address(url))));
  }

  get socialProtection(): SocialProtectionClient {
    const url = this.terminal.env['ANSINH_SOCIAL_PROTECTION_URL'] ?? 'http://127.0.0.1:4005';
    return (this.madeSocialProtection ??= createSocialProtectionClient(
      this.clientOptions(this.address(url)),
    ));
  }

  get employmentLoans(): EmploymentLoansClient {
    const url = this.terminal.env['ANSINH_EMPLOYMENT_LOANS_URL'] ?? 'http://127.0.0.1:4006';
    return (this.madeEmploymentLoans ??= createEmploymentLoansClient(this.clientOptions(this.address(url))));
  }

  /** What every service has alike. */
  of(service: ServiceName): Pick<Client & RegistryClient, 'audit' | 'sealingKeys' | 'keyRotations'> {
    switch (service) {
      case 'disbursements':
        return this.client;
      case 'registry':
        return this.registry;
      case 'social-protection':
        return this.socialProtection;
      case 'employment-loans':
        return this.employmentLoans;
    }
  }

  /** The result on standard output, once a run: the document with `--json`, else the text. */
  print(document: unknown, human: string): void {
    this.terminal.stdout.write(`${this.json ? JSON.stringify(document) : human}\n`);
  }

  /** A remark on the side: never on standard output. */
  note(text: string): void {
    this.terminal.stderr.write(`${text}\n`);
  }

  amount(amount: string | null | undefined): string {
    return formatAmount(amount, this.language);
  }

  count(count: number): string {
    return formatCount(count, this.language);
  }

  private clientOptions(baseUrl: string): ClientOptions {
    const { retrying } = this.text.general;
    return {
      baseUrl,
      language: this.language,
      getToken: () => accessToken(this),
      onRetry: (error, delayMs) => this.note(retrying(error.message, (delayMs / 1000).toFixed(1))),
    };
  }

  private address(value: string): string {
    const isHttp = /^https?:$/.test(URL.parse(value)?.protocol ?? '');
    if (!isHttp) throw new UsageError(this.text.general.usage.badUrl(value));
    return value;
  }
}
