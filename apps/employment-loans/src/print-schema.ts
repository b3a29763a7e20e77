import { printSubgraph } from '@ansinh/graphql';
import { previewApi } from '@ansinh/service';
import { previewModule } from './preview.js';

/** Prints the SDL of the subgraph: the committed `schema.graphql` must be exactly this, and the supergraph is made of it. */
process.stdout.write(await printSubgraph(await previewApi(previewModule())));
