import { Controller, type DynamicModule, Get, Inject, Module } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@ansinh/auth';
import { problems, ProblemError } from '@ansinh/problem';

/** Resolves when a thing the service needs is there; throws when it is not. */
export type ReadyCheck = () => Promise<unknown>;

const readyChecks = Symbol('ready-checks');

@ApiExcludeController()
@Controller('health')
class HealthController {
  constructor(@Inject(readyChecks) private readonly checks: Record<string, ReadyCheck>) {}

  @Public()
  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Public()
  @Get('ready')
  async ready(): Promise<{ status: string }> {
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
  /** `/health/live` says the process runs; `/health/ready` runs `checks` and answers 503 naming the one that failed. */
  static withChecks(
    inject: unknown[],
    checks: (...injected: never[]) => Record<string, ReadyCheck>,
  ): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [{ provide: readyChecks, inject: inject as never[], useFactory: checks as never }],
    };
  }
}
