import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type Provider,
  type Type,
} from '@nestjs/common';
import { repeat } from './repeat.js';

/** Something that is due without anybody asking for it. Several workers may do it: what one has done the other finds done. */
export interface Chore {
  /** Between the end of one round and the start of the next. */
  pauseMs: number;
  work(): Promise<unknown>;
}

interface HasChore {
  readonly chore: Chore;
}

const chores = Symbol('chores');

/** Does the chores of a worker, each at its own pace, from its start to its stop. */
@Injectable()
class Housekeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('housekeeper');
  private readonly stopping = new AbortController();
  private work: Promise<unknown> | undefined;

  constructor(@Inject(chores) private readonly chores: readonly Chore[]) {}

  onApplicationBootstrap(): void {
    const { logger } = this;
    const { signal } = this.stopping;
    this.work = Promise.all(
      this.chores.map((chore) => repeat({ pauseMs: chore.pauseMs, signal, logger }, () => chore.work())),
    );
  }

  /** A round that has begun is ended. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }
}

/** Providers of a worker: these, and who does the chore of each. */
export function housekeeping(...keepers: Type<HasChore>[]): Provider[] {
  const collect = {
    provide: chores,
    inject: keepers,
    useFactory: (...all: HasChore[]) => all.map(({ chore }) => chore),
  };
  return [...keepers, collect, Housekeeper];
}
