import published2022 from './figures-2022.json' with { type: 'json' };

/** What was published of one line of a year, at a scale. Bounds are whole numbers of people, employers or đồng. */
export interface Figure {
  indicator: string;
  /** Reached or exceeded. */
  atLeast: bigint;
  /** Stayed below: from there on it would have been rounded to the next figure. */
  below: bigint;
}

interface Published {
  indicator: string;
  /** A ratio where it is 1.0, else a whole number. */
  exactly?: number;
  atLeast?: number;
}

const ofYears: Record<number, { indicators: Published[] }> = { 2022: published2022 };

export const publishedYears = Object.keys(ofYears).map(Number);

/** Part per million, so that no figure passes through a fraction. */
const perMillion = 1_000_000n;

/**
 * The figures of a year at a scale from 0 to 1. A rounded figure has as many digits as were published: 604,000 stands for everything from
 * there to below 605,000, and 199.5 billion to below 199.6 billion.
 * @throws RangeError for a year of which nothing was published
 */
export function figuresOf(year: number, scale: number): Map<string, Figure> {
  const known = ofYears[year];
  if (!known) throw new RangeError(`No figures of ${year}`);
  const parts = BigInt(Math.round(scale * Number(perMillion)));
  const figures = known.indicators.map(({ indicator, exactly, atLeast }) => {
    const isRatio = exactly === 1;
    const told = BigInt(exactly ?? atLeast!);
    const floor = isRatio ? told : scaledUp(told, parts);
    const next = exactly === undefined ? scaledUp(told + stepOf(told), parts) : floor;
    return { indicator, atLeast: floor, below: next > floor ? next : floor + 1n };
  });
  return new Map(figures.map((figure) => [figure.indicator, figure]));
}

/** Rounded up: of what there is, there is one at least. */
const scaledUp = (whole: bigint, parts: bigint) => (whole * parts + perMillion - 1n) / perMillion;

/** The place of its last digit that is no zero. */
export function stepOf(figure: bigint): bigint {
  let step = 1n;
  while (figure % (step * 10n) === 0n) step *= 10n;
  return step;
}
