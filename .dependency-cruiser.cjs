/**
 * The arrows of ARCHITECTURE.md, held by a check:
 *
 *   webhooks | jobs | bots -> slices of src -> ledger, notices, accounts, the events' types -> kernel
 *
 * `src/main.ts` puts everything together, `src/core.ts` the slices; only these two see all of it.
 */
const WAYS_IN = '^(webhooks|jobs|bots)/';
const TESTS = '^test/';

/**
 * The folders of `src`, from the kernel up: a folder imports only what stands in a line below its own, so that arrows run
 * one way. An event knows no slice; standing is imported by orders, not the reverse.
 */
const LAYERS = [
  ['kernel'],
  ['database', 'events', 'texts'],
  ['privacy', 'seals'],
  ['accounts', 'ledger', 'audit', 'outgoing', 'debts', 'inbox'],
  ['notices', 'sales', 'approvals', 'rights', 'sources'],
  ['payees'],
  ['simulation', 'shadow'],
  ['invoicing', 'affiliates'],
  ['books'],
  ['standing', 'adjustments', 'paydays'],
  ['promises'],
  ['orders'],
  ['paymentFiles'],
  ['bankResults'],
  ['erasure'],
  ['documents', 'receipts', 'digests', 'console', 'health', 'live', 'series'],
  ['commands'],
];

function layerRules(folders, level) {
  const below = LAYERS.slice(0, level).flat();
  return folders.map((folder) => ({
    name: `${folder}-imports-what-is-below`,
    comment: `src/${folder} may import ${below.join(', ') || 'nothing of ours'}${level > 1 ? ' and the policy' : ''}.`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: {
      path: '^(src|webhooks|jobs|bots|test)/',
      pathNot: `^src/(${[folder, ...below].join('|')})/${level > 1 ? '|^src/policy\\.ts$' : ''}`,
    },
  }));
}

const compositionRoots = '^src/(main|core|eventHandlers|eventSimulation|verification|cli)\\.ts$|^src/cli/';

module.exports = {
  forbidden: [
    {
      name: 'payouts-know-no-commissions',
      comment: 'commissions use payouts; what both need lies beside the two folders.',
      severity: 'error',
      from: { path: '^src/affiliates/payouts/' },
      to: { path: '^src/affiliates/commissions/' },
    },
    {
      name: 'beside-commissions-and-payouts',
      comment:
        'The files beside the two folders use neither; affiliates.ts and verification.ts put all of them together.',
      severity: 'error',
      from: { path: '^src/affiliates/[^/]+\\.ts$', pathNot: '^src/affiliates/(affiliates|verification)\\.ts$' },
      to: { path: '^src/affiliates/(commissions|payouts)/' },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'ways-in-are-apart',
      comment: 'webhooks, jobs and bots do not import each other: what they share is business and belongs in src.',
      severity: 'error',
      from: { path: WAYS_IN },
      to: { path: WAYS_IN, pathNot: '^$1/' },
    },
    {
      name: 'business-knows-no-way-in',
      comment: 'Nothing in src imports webhooks, jobs or bots, except where everything is put together.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|cli)\\.ts$|^src/cli/' },
      to: { path: WAYS_IN },
    },
    {
      name: 'cli-takes-jobs-alone',
      comment: 'The command line runs ticks itself; whatever else it needs from the ways in, it gets from main.',
      severity: 'error',
      from: { path: '^src/cli(\\.ts$|/)' },
      to: { path: '^(webhooks|bots)/' },
    },
    {
      name: 'stores-are-private',
      comment: "A slice's collections are its own: others call its functions. core.ts hands a slice its store.",
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/store\\.ts$', pathNot: '^src/$1/' },
    },
    {
      name: 'stores-are-private-to-ways-in',
      comment: 'webhooks, jobs and bots reach what is stored through the functions of src.',
      severity: 'error',
      from: { path: WAYS_IN },
      to: { path: '^src/.*/store\\.ts$' },
    },
    {
      name: 'slices-do-not-reach-into-the-inbox',
      comment: 'A slice is handed facts. Commands show events, so they may.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(inbox|commands)/|${compositionRoots}` },
      to: { path: '^src/inbox/' },
    },
    {
      name: 'orders-fans-lifecycle-settlement',
      comment: 'Within orders: fans drive the lifecycle, which settles amounts.',
      severity: 'error',
      from: { path: '^src/orders/(lifecycle|settlement)/' },
      to: { path: '^src/orders/(fans|lifecycle)/', pathNot: '^src/orders/$1/|^src/orders/fans/fan\\.ts' },
    },
    {
      name: 'messages-know-no-delivery',
      comment: 'What is said does not depend on how it is sent.',
      severity: 'error',
      from: { path: '^src/notices/messages/' },
      to: { path: '^src/notices/', pathNot: '^src/notices/messages/' },
    },
    ...LAYERS.flatMap(layerRules),
    {
      name: 'every-folder-has-a-level',
      comment: 'A new folder of src takes its place in LAYERS.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(cli|${LAYERS.flat().join('|')})/` },
      to: {},
    },
    {
      name: 'commands-on-top',
      comment: 'Commands use the slices; no slice knows that there are commands.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/commands/|${compositionRoots}` },
      to: { path: '^src/commands/' },
    },
    {
      name: 'commands-go-one-way',
      comment:
        'The registry puts the folders of commands together; they do not import each other, and what they share is in core.',
      severity: 'error',
      from: { path: '^src/commands/([^/]+)/' },
      to: { path: '^src/commands/', pathNot: '^src/commands/($1|core)/' },
    },
    {
      name: 'webhooks-go-one-way',
      comment:
        'receiver, api and outgoing are apart; what they share stands beside app.ts, is middleware, or guards them all.',
      severity: 'error',
      from: { path: '^webhooks/([^/]+)/' },
      to: { path: '^webhooks/[^/]+/', pathNot: '^webhooks/($1|middleware|guard)/' },
    },
    {
      name: 'composition-is-nobodys-dependency',
      comment:
        'main.ts and core.ts put the parts together; the ways in may name the type of the core, slices not even that.',
      severity: 'error',
      from: { path: '^src/', pathNot: compositionRoots },
      to: { path: compositionRoots },
    },
    {
      name: 'ways-in-are-put-together-elsewhere',
      comment: 'A way in is handed the core, whose type it may name, and never reaches for main or the command line.',
      severity: 'error',
      from: { path: WAYS_IN },
      to: { path: '^src/(main|cli)\\.ts$|^src/cli/' },
    },
    {
      name: 'client-stands-alone',
      comment:
        "The client runs in other people's programs and on any runtime: it needs nothing of the service, of Node or of npm.",
      severity: 'error',
      from: { path: '^client/' },
      to: { pathNot: '^client/' },
    },
    {
      name: 'console-knows-the-client-alone',
      comment:
        'The console is a program in a browser: it knows /v1 by the client, and its own texts. Its build reads other texts. What keeps a spreadsheet from running a text, whose a ledger account is, who acted, why somebody stands as they do, and why an order ended, is written once.',
      severity: 'error',
      from: { path: '^console/' },
      to: {
        path: '^(src|webhooks|jobs|bots|examples|scripts|test)/',
        pathNot: '^src/(kernel/(actor|csv|owner)|notices/messages/orderReason|standing/reason)\\.ts$',
      },
    },
    {
      name: 'nobody-needs-the-console',
      comment: 'The service hands it out as files; its tests import what is pure of it.',
      severity: 'error',
      from: { pathNot: '^(console|test/browser)/' },
      to: { path: '^console/' },
    },
    {
      name: 'pages-are-apart',
      comment: 'A page imports no other page: what two share is in ui/ or beside it.',
      severity: 'error',
      from: { path: '^console/src/pages/([^/]+)/' },
      to: { path: '^console/src/pages/', pathNot: '^console/src/pages/$1/' },
    },
    {
      name: 'parts-know-no-page',
      comment: 'Only the table of routes names pages.',
      severity: 'error',
      from: { path: '^console/src/', pathNot: '^console/src/(pages/|routes\\.ts$)' },
      to: { path: '^console/src/pages/' },
    },
    {
      name: 'service-needs-no-client',
      comment: 'The service does not talk to itself; its tests do.',
      severity: 'error',
      from: { path: '^(src|webhooks|jobs|bots)/' },
      to: { path: '^client/' },
    },
    {
      name: 'product-needs-no-test',
      comment:
        'Nothing of the product imports a test. The demo, which plays on the stand-ins, is loaded lazily by the command line.',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: TESTS, dependencyTypesNot: ['dynamic-import'] },
    },
    {
      name: 'only-the-command-line-loads-the-demo',
      severity: 'error',
      from: { pathNot: `${TESTS}|^src/cli(\\.ts$|/)` },
      to: { path: TESTS },
    },
    {
      name: 'product-needs-no-dev-dependency',
      comment: 'What runs in production must be installed there.',
      severity: 'error',
      from: { path: '^(src|webhooks|jobs|bots)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'everything-resolves',
      comment: 'What begins with `virtual:` is made by the build of the console (console/build/).',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
  ],
  options: {
    // TypeScript 7 has no JavaScript interface, so swc reads the sources. It does not tell imports of types from others:
    // the rules hold for both.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    // The examples are programs of others: what they import is theirs.
    exclude: { path: '^(dist|examples)/' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
