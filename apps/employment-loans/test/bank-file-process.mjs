// Somebody who takes up a file of the bank chunk by chunk, in a process of his own: nothing but its service. It may be told to die at
// one of its awaits within a chunk or between two: DIE_AT counts statements, DIE_MOMENT is before, during or after. At the end it
// prints how many each chunk has.
import 'reflect-metadata';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { BankFileService } from '../dist/bank-file/bank-file.service.js';
import { dataSourceOptions } from '../dist/data-source.js';

const { DATABASE_URL, FILE_ID, KEYS, DIE_AT, DIE_MOMENT } = process.env;
let awaits = 0;

const die = () => process.kill(process.pid, 'SIGKILL');

function countAwaits() {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function counted(...args) {
    awaits += 1;
    if (awaits !== Number(DIE_AT)) return query.apply(this, args);
    if (DIE_MOMENT === 'before') die();
    const result = query.apply(this, args);
    if (DIE_MOMENT === 'during') setTimeout(die, 3);
    else Promise.resolve(result).then(die, die);
    return result;
  };
}

const dataSource = await new DataSource(dataSourceOptions(DATABASE_URL)).initialize();
countAwaits();
const files = new BankFileService(dataSource, new Commands(dataSource));
const actor = { id: 'bank', name: 'bank', office: '27', permissions: new Set(['loan:service']) };

const awaitsOfChunks = [];
// From the first one on, as somebody who does not know how far he came: what was done is answered once more.
for (let chunk = 1, isFinished = false; !isFinished; chunk += 1) {
  awaits = 0;
  const command = { actor, requestId: 'test', key: `${KEYS}-chunk-${chunk}`, digest: 'chunk' };
  try {
    ({ isFinished } = await files.apply(FILE_ID, command));
    awaitsOfChunks.push(awaits);
  } catch (error) {
    // Somebody else was faster.
    if (!(error instanceof ProblemError && error.definition.code === 'BANK_FILE_DONE')) throw error;
    isFinished = true;
  }
}
process.stdout.write(JSON.stringify(awaitsOfChunks));
await dataSource.destroy();
