/**
 * The house (ARCHITECTURE.md): imports point down, rooms on one level never import each other, and each outside library is
 * known to one room. Type-only imports count.
 */

/** Rooms of a package from the ground up; those in one row are on one level. */
const CORE = layers('packages/credential-core/src', [
  ['(result|errors|limits|checks|printable)\\.ts$'],
  ['bytes/'],
  ['cbor/', 'qr/', 'codes/'],
  ['keys/'],
  ['cose/'],
  ['credential/', 'status/', 'trust/', 'receipt/'],
  ['verification/'],
  ['profiles/'],
  [
    'issue\\.ts$',
    'present\\.ts$',
    'verify\\.ts$',
    'qr\\.ts$',
    'read\\.ts$',
    'snapshot\\.ts$',
    'codes\\.ts$',
    'sm2\\.ts$',
    'profiles\\.ts$',
  ],
  ['index\\.ts$'],
]);

const ELEMENT = layers('packages/code-element/src', [
  ['problem\\.ts$'],
  ['words/', 'holding/'],
  ['renewal/'],
  ['view/'],
  ['zhengma-code\\.ts$'],
  ['index\\.ts$'],
  ['define\\.ts$'],
  ['standalone\\.ts$'],
]);

const SERVICE = layers('packages/verifier-service/src', [
  ['errors\\.ts$', 'bounded-map\\.ts$', 'address-range\\.ts$', 'durable-files\\.ts$'],
  [
    'stores/',
    'signing/',
    'openid/',
    'images/',
    'webhooks/',
    'lists/',
    'bulk-files/',
    'backups/',
    'schemas/',
    'pages/',
    'settings/',
    'tracing/',
    'problem\\.ts$',
  ],
  ['http/', 'client/'],
  ['actions/', 'config\\.ts$'],
  ['observation/'],
  ['routes/', 'middleware/', 'data-folder\\.ts$', 'open-port\\.ts$', 'webhook-worker\\.ts$'],
  ['app\\.ts$'],
  ['main\\.ts$', 'simulator\\.ts$'],
  ['cli/', 'index\\.ts$', 'client\\.ts$'],
]);

const SCANNER = layers('packages/scanner-web/src', [
  ['bytes/', 'storage/', 'engine/'],
  ['input/', 'lists/', 'verdict/', 'operator/', 'receipts/'],
  ['scanner/', 'training/', 'words/'],
  ['look/', 'voice/', 'second-screen/'],
  ['desk/', 'intake/', 'workplace/'],
  ['app/', 'patient/', 'wallet/', 'admin/', 'sw/'],
  ['embed/'],
]);

/** @returns one rule per room: nothing on its own level or above, but for itself */
function layers(source, levels) {
  return levels.flatMap((rooms, level) =>
    rooms.map((room) => {
      const others = [...rooms.filter((other) => other !== room), ...levels.slice(level + 1).flat()];
      return {
        name: `imports-point-down: ${source.split('/')[1]} ${room}`,
        severity: 'error',
        from: { path: `^${source}/${room}` },
        to: { path: others.map((other) => `^${source}/${other}`) },
      };
    }),
  );
}

/** @returns a rule: `library` is imported in `rooms` of the core only */
function only(library, rooms) {
  return {
    name: `one-room-knows: ${library}`,
    severity: 'error',
    from: {
      path: '^packages/credential-core/src/',
      pathNot: rooms.map((room) => `^packages/credential-core/src/${room}`),
    },
    to: { path: `node_modules/${library}/` },
  };
}

export default {
  forbidden: [
    ...[CORE, ELEMENT, SERVICE, SCANNER].flat().filter(({ to }) => to.path.length > 0),
    only('qrcode', ['qr/']),
    only('jsqr', ['qr/']),
    only('@noble/curves', ['keys/']),
    only('@noble/ed25519', ['keys/']),
    only('sm-crypto-v2', ['keys/']),
    only('@noble/hashes', ['bytes/', 'keys/']),
    {
      name: 'core-runs-anywhere',
      comment: 'Node built-ins are asked for at run time (keys/node-crypto, bytes/deflate), never imported.',
      severity: 'error',
      from: { path: '^packages/credential-core/src/', pathNot: 'keys/node-crypto\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'actions-know-no-http',
      comment: 'But for the client of a signer outside; that of webhooks has a room of its own.',
      severity: 'error',
      from: {
        path: '^packages/verifier-service/src/(actions|stores|lists|signing)/',
        pathNot: 'signing/signer-client\\.ts$',
      },
      to: { path: 'node_modules/(koa|@koa|koa-helmet)/|^(node:)?https?$' },
    },
    {
      name: 'client-runs-in-browsers',
      comment: 'Of the schemas it takes the types alone.',
      severity: 'error',
      from: { path: '^packages/verifier-service/src/client(/|\\.ts$)' },
      to: { dependencyTypes: ['core', 'npm'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-runs-in-browsers: schemas',
      severity: 'error',
      from: { path: '^packages/verifier-service/src/client(/|\\.ts$)' },
      to: { path: '/src/schemas/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'The service worker is its own entry.',
      severity: 'error',
      from: { orphan: true, path: '^packages/[^/]+/src/', pathNot: '/sw/sw\\.ts$' },
      to: {},
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\?url$' } },
    { name: 'declared', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
