import { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AccountQuery } from '../account/account.dto.js';
import { ForCustomer } from '../customer.guard.js';
import { BooksService, type Totals } from './books.service.js';

@ForCustomer()
@Controller('books')
export class BooksController {
  constructor(private readonly books: BooksService) {}

  @Get()
  async getBooks(@Query() { account }: AccountQuery, @Res() reply: FastifyReply): Promise<void> {
    const lines = await this.books.linesOf(account);
    void reply.type('application/x-ndjson').send(Readable.from(lines));
  }

  @Get('totals')
  getBookTotals(@Query() { account }: AccountQuery): Promise<Totals> {
    return this.books.totalsOf(account);
  }
}
