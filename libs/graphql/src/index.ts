export { connectionOf, connectionType, PageArgs, pageQuery } from './connection.js';
export type { Connection } from './connection.js';
export { enumType } from './enum-type.js';
export { gatewayOptions, subgraphOptions } from './options.js';
export { ChildrenLoader, RequestLoader } from './request-loader.js';
export type { PageLoader } from './request-loader.js';
export { Day, Instant, Vnd } from './scalars.js';
