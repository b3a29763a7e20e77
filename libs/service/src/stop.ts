import { Injectable } from '@nestjs/common';

/**
 * How far a service has come with its stop. First it only says that it is not ready, so that load balancers look away
 * while it still answers everything; then answers without an end (server-sent events) end, and the port is closed.
 */
@Injectable()
export class ServiceStop {
  isDraining = false;
  private readonly streams = new AbortController();

  /** Aborted when answers that would go on for ever have to end. */
  get streamsEnd(): AbortSignal {
    return this.streams.signal;
  }

  drain(): void {
    this.isDraining = true;
  }

  endStreams(): void {
    this.streams.abort();
  }
}
