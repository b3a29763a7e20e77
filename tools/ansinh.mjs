#!/usr/bin/env node
// `npx ansinh …` from the clone: the operators' command line, installed and built first if need be.
import { run } from './run.mjs';

await run(['ansinh', ...process.argv.slice(2)]);
