import { existsSync, readFileSync, readdirSync } from 'node:fs';
import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import typescript from 'typescript-eslint';

const SOURCES = ['apps/**/*.ts', 'libs/**/*.ts', 'tools/**/*.ts'];
const TESTS = ['**/*.spec.ts', 'apps/*/test/**/*.ts', 'libs/*/test/**/*.ts'];
/** Plain JavaScript: configuration, the bootstrap, Jest's set-up. */
const SCRIPTS = ['**/*.mjs'];

/** The scopes that there are, read from the projects themselves: a new service is bound by the rules from its first day. */
const SCOPES = ['apps', 'libs']
  .flatMap((kind) => readdirSync(new URL(`${kind}/`, import.meta.url)).map((name) => `${kind}/${name}`))
  .concat('tools')
  .filter((project) => existsSync(new URL(`${project}/package.json`, import.meta.url)))
  .map(scopeOf)
  .filter((scope, index, all) => scope !== 'shared' && all.indexOf(scope) === index);

/** A project with other tags than one type and one scope would slip through the rules below: it stops the whole check. */
function scopeOf(project) {
  const { nx } = JSON.parse(readFileSync(new URL(`${project}/package.json`, import.meta.url), 'utf8'));
  const tags = nx?.tags ?? [];
  const scope = tags.map((tag) => /^scope:([a-z-]+)$/.exec(tag)?.[1]).find(Boolean);
  const hasType = tags.some((tag) => /^type:(app|nest|pure|test)$/.test(tag));
  if (tags.length === 2 && hasType && scope) return scope;
  throw new Error(
    `${project}/package.json: "nx.tags" must be one type: and one scope: tag, not ${JSON.stringify(tags)}`,
  );
}

/** Pure code knows no framework, no database and no queue: it can be read, and tested, without them. */
const IMPURE = ['@nestjs/*', 'typeorm', 'bullmq', 'pg', 'pg-*', 'ioredis', 'fastify'];

/** Every project carries one `type:` and one `scope:` tag, and each tag says what it may use. There is no `*` rule. */
function boundaries({ app }) {
  return [
    'error',
    {
      enforceBuildableLibDependency: false,
      allow: [],
      depConstraints: [
        { sourceTag: 'type:pure', onlyDependOnLibsWithTags: ['type:pure'], bannedExternalImports: IMPURE },
        { sourceTag: 'type:nest', onlyDependOnLibsWithTags: ['type:nest', 'type:pure'] },
        { sourceTag: 'type:app', onlyDependOnLibsWithTags: app },
        { sourceTag: 'type:test', onlyDependOnLibsWithTags: ['type:test', 'type:nest', 'type:pure'] },
        { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
        ...SCOPES.map((scope) => ({
          sourceTag: `scope:${scope}`,
          onlyDependOnLibsWithTags: [`scope:${scope}`, 'scope:shared'],
        })),
      ],
    },
  ];
}

/** Names that stand for money. Rates, counts and positions about money are not money. */
const MONEY = String.raw`/^(?!.*(basispoints|rate|count|column|index|length|max|digits)$).*(amount|balance|principal|interest)/i`;

const MONEY_AS_NUMBER = [
  ['Identifier', 'name'],
  ['TSPropertySignature', 'key.name'],
  ['PropertyDefinition', 'key.name'],
].map(([node, name]) => ({
  selector: `${node}[${name}=${MONEY}] > TSTypeAnnotation TSNumberKeyword`,
  message: 'Money is bigint (đồng), or a string in JSON; never number.',
}));

const MONEY_CONVERTED = [
  {
    selector: `CallExpression[callee.name=/^(Number|parseInt|parseFloat)$/] > Identifier.arguments[name=${MONEY}]`,
    message: 'Money is parsed by BigInt: a number forgets đồng above 2^53.',
  },
  {
    selector: `CallExpression[callee.name=/^(Number|parseInt|parseFloat)$/] > MemberExpression.arguments[property.name=${MONEY}]`,
    message: 'Money is parsed by BigInt: a number forgets đồng above 2^53.',
  },
  {
    selector:
      'CallExpression[callee.name="parseFloat"], MemberExpression[object.name="Number"][property.name="parseFloat"]',
    message: 'parseFloat reads "12abc" as 12 and forgets đồng above 2^53.',
  },
];

const SWALLOWED_ERRORS = [
  {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message: 'An error is handled or passed on, not swallowed.',
  },
  {
    selector:
      'CallExpression[callee.property.name="catch"] > ArrowFunctionExpression:matches([body.type="BlockStatement"][body.body.length=0], [body.type="Identifier"][body.name="undefined"])',
    message: 'An error is handled or passed on, not swallowed.',
  },
];

const DEFAULT_EXPORTS = [
  { selector: 'ExportDefaultDeclaration', message: 'Exports have names, so that they are found by them.' },
];

/** A Vietnamese citizen number (CCCD): three digits of a province, 001 to 096, and nine more. */
const REAL_PEOPLE = [
  {
    selector: String.raw`Literal[value=/^0[0-9]{11}$/]`,
    message: 'A citizen number does not belong in the source: make one by libs/samples.',
  },
];

/** Without a scope the database shows nothing: a look past `inTransaction` and `streamRows` would only fail later. */
const WITHOUT_SCOPE = [
  {
    selector:
      'MemberExpression[object.property.name="dataSource"][property.name=/^(query|manager|transaction|createQueryBuilder|createQueryRunner|getRepository)$/]',
    message:
      'Rows are asked for in a scope: inTransaction(dataSource, scope, …) or streamRows(dataSource, scope, …).',
  },
];

export default typescript.config(
  { ignores: ['**/dist/', '**/node_modules/', '.nx/', '.ansinh/', 'coverage/'] },
  // Nobody switches a rule off for one line: the rule is changed here, for everybody, or the line is.
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: SOURCES,
    extends: [eslint.configs.recommended, typescript.configs.recommended],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': boundaries({ app: ['type:nest', 'type:pure'] }),
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      // Input is searched for control characters in order to refuse it: that is meant.
      'no-control-regex': 'off',
      'no-restricted-syntax': [
        'error',
        ...MONEY_AS_NUMBER,
        ...MONEY_CONVERTED,
        ...SWALLOWED_ERRORS,
        ...DEFAULT_EXPORTS,
        ...REAL_PEOPLE,
      ],
    },
  },
  {
    files: TESTS,
    rules: {
      '@nx/enforce-module-boundaries': boundaries({ app: ['type:test', 'type:nest', 'type:pure'] }),
      // A `describe` holds all its tests; and tests name people who do not exist.
      'max-lines-per-function': 'off',
      'no-restricted-syntax': [
        'error',
        ...MONEY_AS_NUMBER,
        ...MONEY_CONVERTED,
        ...SWALLOWED_ERRORS,
        ...DEFAULT_EXPORTS,
      ],
    },
  },
  {
    files: ['tools/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries({ app: ['type:test', 'type:nest', 'type:pure'] }),
      'no-console': 'off',
    },
  },
  {
    files: ['apps/{disbursements,registry,social-protection,employment-loans}/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...MONEY_AS_NUMBER,
        ...MONEY_CONVERTED,
        ...SWALLOWED_ERRORS,
        ...DEFAULT_EXPORTS,
        ...REAL_PEOPLE,
        ...WITHOUT_SCOPE,
      ],
    },
  },
  // A migration is SQL: it is as long as its tables are many.
  { files: ['**/migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['apps/cli/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: SCRIPTS,
    extends: [eslint.configs.recommended],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'URL', 'console', 'setTimeout', 'setInterval', 'clearInterval', 'globalThis'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
    rules: { 'no-restricted-syntax': ['error', ...SWALLOWED_ERRORS] },
  },
);
