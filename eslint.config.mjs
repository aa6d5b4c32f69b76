import graphql from '@graphql-eslint/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const syntax = {
  defaultExport: {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name: one thing, one name, everywhere.',
  },
  extension: {
    selector:
      ':matches(ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration)[source.value=/^\\.{1,2}\\u002f.*\\.[cm]?[jt]s$/]',
    message: 'Relative imports carry no extension.',
  },
  barrel: {
    selector: 'ExportAllDeclaration',
    message: 'No barrel files: import from the file that declares it.',
  },
  enum: {
    selector: 'TSEnumDeclaration[const=true]',
    message: 'A const enum vanishes in the swc build: use a union of strings.',
  },
};

const impure = [
  ['NewExpression[callee.name="Date"][arguments.length=0]', 'the clock'],
  ['CallExpression[callee.object.name="Date"][callee.property.name="now"]', 'the clock'],
  ['CallExpression[callee.object.name="performance"]', 'the clock'],
  ['CallExpression[callee.object.name="Math"][callee.property.name="random"]', 'chance'],
  ['CallExpression[callee.name="setTimeout"]', 'time'],
  ['CallExpression[callee.name="fetch"]', 'the network'],
].map(([selector, what]) => ({ selector, message: `domain/ is pure: ${what} is passed in.` }));

const environment = {
  'no-restricted-properties': [
    'error',
    {
      object: 'process',
      property: 'env',
      message: 'Only src/config reads the environment; take the value from Config.',
    },
    {
      object: 'URL',
      property: 'canParse',
      message: 'It refuses names with umlauts once it is hot (Node 20 and 22): use parseUrl.',
    },
  ],
};

export default defineConfig(
  {
    ignores: ['dist/', 'coverage/', 'node_modules/', '.baton/', 'test/architecture/fixtures/'],
  },
  {
    files: ['**/*.{ts,js,cjs,mjs}'],
    extends: [tseslint.configs.strictTypeChecked],
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `== null` is how code asks for null and undefined at once: what GraphQL calls null.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-else-return': 'error',
      'no-param-reassign': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'default-case-last': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: false, skipComments: false }],
      'no-restricted-syntax': ['error', ...Object.values(syntax)],

      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],

      // Object types, inputs and resolvers are classes with decorators and often nothing else.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // `@Field((_type) => ID)` and a parameter that only its position explains.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A number in a log line or message reads the same as its String().
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `on('close', () => socket.destroy())` is clear.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Entities are columns without methods, so a spread copy is as good a row; and lengths are counted in code points.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Resolvers and processors are async because their interface is, whether or not this one waits.
      '@typescript-eslint/require-await': 'off',
      // `while (true)` is how an async generator and a consumer read.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  { files: ['src/**/*.ts', 'migrations/**/*.ts', 'bench/**/*.ts'], rules: environment },
  { files: ['src/config/**/*.ts', 'scripts/**/*'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['src/domain/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...Object.values(syntax), ...impure] } },
  {
    // A migration is a page of SQL in one statement list: cutting it in two makes it harder to review.
    files: ['migrations/**/*.ts'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  {
    // They talk to a person at a terminal, not to a log.
    files: ['scripts/**/*', 'bench/**/*'],
    rules: { 'no-console': 'off', 'max-lines-per-function': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // `describe` is one long function by nature.
      'max-lines-per-function': 'off',
      // An API answer is JSON of a shape that the assertion itself states.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // A missing element fails the test with a stack, which is what it should do.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `expect(server.close).…` never calls it detached.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      // Node itself reads these files, and wants the extension.
      'no-restricted-syntax': ['error', syntax.defaultExport],
      // Configuration files that their tools load with require.
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
  {
    // The printed schema: what a client reads. Names and types are the contract's and cannot follow a rule any more.
    files: ['schema.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: 'schema.graphql' } } },
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    rules: {
      ...graphql.configs['flat/schema-all'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      // All of it, not types and root fields alone: a name is no description.
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          rootField: true,
          DirectiveDefinition: true,
          EnumValueDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          // What the root types are, the specification says.
          ignoredSelectors: ['ObjectTypeDefinition[name.value=/^(Query|Mutation|Subscription)$/]'],
        },
      ],
      // Lists of what has few members (permissions, user errors, an inquiry's answers) have no pages.
      '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: true, listTypeCanWrapOnlyEdgeType: false }],
      // Printing sorts types and fields already; the order of enum values and arguments is a meaning (first, after).
      '@graphql-eslint/alphabetize': 'off',
      // It forbids having mutations and subscriptions.
      '@graphql-eslint/no-root-type': 'off',
      // Payloads, edges, events and values are parts of an answer; what can be asked for again implements Node.
      '@graphql-eslint/strict-id-in-types': 'off',
      // A client that needs the whole state again after one mutation reads it by a query, and sees what others did.
      '@graphql-eslint/require-field-of-type-query-in-mutation-result': 'off',
      // Bell and conversation list are there for everybody who may ask at all; the contract has them non-null.
      '@graphql-eslint/require-nullable-result-in-root': 'off',
    },
  },
  {
    // ESLint wants a default export; this and no other file.
    files: ['eslint.config.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
