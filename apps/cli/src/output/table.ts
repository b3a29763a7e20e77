/** Control characters of foreign text (a name in a list, a bank's reason) must not reach the terminal as commands. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}

const widthOf = (text: string): number => [...text].length;

interface Column {
  title: string;
  /** Numbers stand at the right. */
  right?: boolean;
}

/** Columns padded to their widest cell, two spaces apart. */
export function table(columns: Column[], rows: string[][]): string {
  const lines = [columns.map(({ title }) => title), ...rows].map((cells) =>
    cells.map((cell) => plain(cell.normalize('NFC'))),
  );
  const widths = columns.map((_, at) => Math.max(...lines.map((cells) => widthOf(cells[at] ?? ''))));
  return lines
    .map((cells) =>
      cells
        .map((cell, at) => {
          const padding = ' '.repeat((widths[at] ?? 0) - widthOf(cell));
          return columns[at]?.right ? padding + cell : cell + padding;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Facts one below the other: name, value. */
export function facts(pairs: [string, string][]): string {
  const width = Math.max(...pairs.map(([name]) => widthOf(name)));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${plain(value.normalize('NFC'))}`).join('\n');
}
