// Loaded by `--import` before anything else, in place of `--enable-source-maps`: that flag also reads and keeps the maps of
// all packages, 17 MB in each process, and every collection of garbage walks through them.
import { setSourceMapsSupport } from 'node:module';

setSourceMapsSupport(true, { nodeModules: false });
