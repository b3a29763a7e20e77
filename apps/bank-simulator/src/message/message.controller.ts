import type { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { problems, ProblemError } from '@ansinh/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Config, configToken } from '../config.js';
import { ForCustomer } from '../customer.guard.js';
import { FaultService } from '../fault/fault.service.js';
import { AcceptanceService } from './acceptance.service.js';
import { readPaymentMessage } from './payment-message.js';

@ForCustomer()
@Controller('messages')
export class MessageController {
  constructor(
    private readonly acceptance: AcceptanceService,
    private readonly faults: FaultService,
    @Inject(configToken) private readonly config: Config,
  ) {}

  @Post()
  async sendMessage(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!isXml(request)) throw new ProblemError(problems.unsupportedMediaType);
    const message = await readPaymentMessage(
      request.body as Readable,
      this.faults.current,
      this.config.messageVersion,
    );
    if (await this.faults.cutsDelivery(message.id)) return cut(reply);
    const { answer, isNew } = await this.acceptance.accept(message);
    if (isNew) {
      if (this.faults.current.hits('loseAnswer', message.id)) return cut(reply);
      if (this.faults.current.hits('answerLate', message.id)) await this.faults.holdAnswer();
    }
    void reply.status(202).type('application/xml').send(answer);
  }

  @Get(':id/status')
  async getMessageStatus(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    void reply.type('application/xml').send(await this.acceptance.statusOf(id));
  }
}

function isXml(request: FastifyRequest): boolean {
  return /^(application|text)\/xml\b/i.test(request.headers['content-type'] ?? '');
}

/** Ends the connection without a word, as a network does. */
function cut(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.destroy();
}
