import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { measureCycle, tableOfCycle } from './bench/cycle.js';
import { measureGateways, tableOfGateways } from './bench/gateways.js';
import { measureLoans, tableOfLoans } from './bench/loans.js';
import { measureMoney } from './bench/money.js';
import { measurePolicy, tableOfPolicy } from './bench/policy.js';
import { measureReads, tableOfReads } from './bench/reads.js';
import { measureRegistry, tableOfRegistry } from './bench/registry.js';
import { tableOf } from './bench/table.js';
import { runCommand } from './command.js';

const whole = (text: string) => {
  if (!/^[1-9][0-9]{0,6}$/.test(text))
    throw new InvalidArgumentError('cần số nguyên / a whole number is needed');
  return Number(text);
};

const bench = new Command('npm run bench --').description('Đo / measurements, all of one table in one run');

/** A bar that is missed is said aloud and is no failure: whoever runs this may sit at a slow or a busy machine. */
function measurement<Options, Report>(
  command: Command,
  measure: (options: Options, signal: AbortSignal) => Promise<Report>,
  show: (report: Report) => string,
): void {
  command
    .option('--json <file>', 'ghi kết quả / also write the results to a file')
    .action((options: Options & { json?: string }) =>
      runCommand(async (signal) => {
        // All figures of a table are set against each other, so all come from the servers that are started for them.
        delete process.env['DATABASE_URL'];
        const report = await measure(options, signal);
        if (options.json) {
          const file = resolve(process.env['INIT_CWD'] ?? '.', options.json);
          await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
        }
        process.stdout.write(`${show(report)}\n\n${JSON.stringify(report)}\n`);
        return 0;
      }),
    );
}

measurement(
  bench
    .command('money', { isDefault: true })
    .description('đường đi của tiền, cạnh SQL viết tay / the money path beside hand-written SQL')
    .option('--rows <n>', 'số dòng của danh sách / rows of the list', whole, 604_000)
    .option('--large', 'thêm một danh sách gấp mười / and a list of ten times the rows', false),
  measureMoney,
  tableOf,
);
measurement(
  bench
    .command('reads')
    .description('đọc qua REST khi kho đã đầy / reading by REST over a full store')
    .option('--payments <n>', 'số khoản chi đã lưu / payments stored', whole, 5_000_000)
    .option('--connections <n>', 'kết nối cùng lúc / connections at once', whole, 50)
    .option('--seconds <n>', 'giây mỗi phép đo / seconds a measurement', whole, 10),
  measureReads,
  tableOfReads,
);
measurement(
  bench
    .command('registry')
    .description('sổ người dân qua REST, cạnh SQL viết tay / the registry by REST beside hand-written SQL')
    .option('--people <n>', 'số người trong sổ / people of the registry', whole, 200_000)
    .option('--imported <n>', 'số dòng của danh sách nhập / rows of the imported list', whole, 100_000)
    .option('--connections <n>', 'kết nối cùng lúc / connections at once', whole, 20)
    .option('--seconds <n>', 'giây mỗi phép đo / seconds a measurement', whole, 10),
  measureRegistry,
  tableOfRegistry,
);
measurement(
  bench
    .command('loans')
    .description(
      'khóa sổ ngày của khoản vay, cạnh SQL viết tay / ends of days of loans beside hand-written SQL',
    )
    .option('--loans <n>', 'số khoản vay / loans', whole, 100_000)
    .option(
      '--transactions <n>',
      'số giao dịch của khoản vay được mở / transactions of the loan that is opened',
      whole,
      1_000,
    ),
  measureLoans,
  tableOfLoans,
);
measurement(
  bench
    .command('gateway')
    .description('cổng GraphQL cạnh @apollo/gateway / the gateway beside @apollo/gateway')
    .option('--connections <n>', 'kết nối cùng lúc / connections at once', whole, 20)
    .option('--seconds <n>', 'giây mỗi lượt / seconds a round', whole, 10),
  measureGateways,
  tableOfGateways,
);
measurement(
  bench
    .command('policy')
    .description('quyết định theo luật, mỗi giây trên một nhân / decisions by law, a second on one core')
    .option('--evaluations <n>', 'số lần của mỗi phép đo / evaluations of a measurement', whole, 1_000_000),
  measurePolicy,
  tableOfPolicy,
);
measurement(
  bench
    .command('cycle')
    .description('một tháng trợ cấp, cạnh một câu SQL / a month of allowances beside one SQL statement')
    .option('--beneficiaries <n>', 'số đối tượng / beneficiaries', whole, 120_000),
  measureCycle,
  tableOfCycle,
);

await bench.parseAsync();
