import { previewApi } from '@ansinh/service';
import { describeEmploymentLoans } from './api-description.js';
import { previewModule } from './preview.js';

/** Prints the OpenAPI document of the REST interface: the committed `openapi.json` must be exactly this. */
const app = await previewApi(previewModule());
process.stdout.write(`${JSON.stringify(describeEmploymentLoans(app), null, 2)}\n`);
