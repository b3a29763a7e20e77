import { Controller, type DynamicModule, Get, Inject, Module } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@ansinh/auth';
import { problems, ProblemError } from '@ansinh/problem';
import { ServiceStop } from './stop.js';

/** Resolves when a thing the service needs is there; throws when it is not. */
export type ReadyCheck = () => Promise<unknown>;

const readyChecks = Symbol('ready-checks');

@ApiExcludeController()
@Controller('health')
class HealthController {
  constructor(
    @Inject(readyChecks) private readonly checks: Record<string, ReadyCheck>,
    private readonly stop: ServiceStop,
  ) {}

  @Public()
  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Public()
  @Get('ready')
  async ready(): Promise<{ status: string }> {
    if (this.stop.isDraining) {
      throw new ProblemError(problems.unavailable, {
        detail: { vi: 'Dịch vụ đang dừng.', en: 'The service is stopping.' },
      });
    }
    for (const [name, check] of Object.entries(this.checks)) {
      try {
        await check();
      } catch (error) {
        throw new ProblemError(problems.unavailable, {
          detail: { vi: `Chưa sẵn sàng: ${name}`, en: `Not ready: ${name}` },
          extensions: { check: name, reason: error instanceof Error ? error.message : String(error) },
        });
      }
    }
    return { status: 'ok' };
  }
}

@Module({})
export class HealthModule {
  /** `/health/live` says the process runs; `/health/ready` runs `checks` and answers 503 naming the one that failed, or that the service stops. */
  static withChecks(
    inject: unknown[],
    checks: (...injected: never[]) => Record<string, ReadyCheck>,
  ): DynamicModule {
    return {
      module: HealthModule,
      // What goes on for ever has to hear of the stop wherever it stands.
      global: true,
      controllers: [HealthController],
      providers: [
        ServiceStop,
        { provide: readyChecks, inject: inject as never[], useFactory: checks as never },
      ],
      exports: [ServiceStop],
    };
  }
}
