import { readFile } from 'node:fs/promises';
import { compose } from './compose.js';
import { subgraphs } from './subgraphs.js';

/** Prints the supergraph of the committed SDL: the committed `supergraph.graphql` must be exactly this. */
const texts = subgraphs.map(async ({ name, schema }) => ({ name, sdl: await readFile(schema, 'utf8') }));
process.stdout.write(`${compose(await Promise.all(texts)).trimEnd()}\n`);
