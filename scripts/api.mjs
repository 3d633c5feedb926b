// `npm run api`: writes the API reports (packages/*/api/*.api.md). The tests compare them: every public change shows as a diff.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { buildPackages, ROOT } from './steps.mjs';

/**
 * The packages that others import, and their entries.
 *
 * @type {Record<string, readonly string[]>}
 */
export const REPORTED = {
  'credential-core': ['index', 'issue', 'present', 'verify', 'qr', 'read', 'snapshot', 'codes', 'profiles', 'sm2'],
  'code-element': ['index', 'define', 'standalone'],
  'verifier-service': ['client'],
};

/**
 * Entries that are promised to nobody: the service as a library is for its own tests and examples.
 *
 * @type {Record<string, readonly string[]>}
 */
export const UNREPORTED = { 'verifier-service': ['index'] };

/** What the types of a package need besides the language: the library's run without a browser's. */
const LIBRARIES = { 'code-element': ['dom', 'dom.iterable'], 'verifier-service': ['dom', 'dom.iterable'] };

/**
 * Compares the public API of one entry with its report.
 *
 * @param {string} name the package's folder
 * @param {string} entry
 * @param {{ write: boolean }} options whether to write the report anew
 * @returns {{ changed: boolean, found: string, reported: string }} what there is, and what the report said before
 */
export function reportApi(name, entry, { write }) {
  const folder = join(ROOT, 'packages', name);
  const reports = join(folder, 'api');
  const temporary = join(folder, 'node_modules', '.api');
  mkdirSync(reports, { recursive: true });
  const report = join(reports, `${entry}.api.md`);
  const reported = existsSync(report) ? readFileSync(report, 'utf8') : '';
  const { apiReportChanged } = Extractor.invoke(
    ExtractorConfig.prepare({
      configObject: {
        projectFolder: folder,
        mainEntryPointFilePath: join(folder, 'dist', `${entry}.d.ts`),
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              target: 'es2022',
              module: 'nodenext',
              moduleResolution: 'nodenext',
              lib: ['es2022', ...(LIBRARIES[name] ?? [])],
              types: [],
            },
            files: [join('dist', `${entry}.d.ts`)],
          },
        },
        apiReport: {
          enabled: true,
          reportFolder: reports,
          reportTempFolder: temporary,
          reportFileName: `${entry}.api.md`,
          includeForgottenExports: true,
        },
        newlineKind: 'lf',
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: { extractorMessageReporting: { default: { logLevel: 'none' } } },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(folder, 'package.json'),
    }),
    {
      localBuild: write,
      showVerboseMessages: false,
      messageCallback(message) {
        message.handled = true;
      },
    },
  );
  const found = readFileSync(join(temporary, `${entry}.api.md`), 'utf8');
  return { changed: apiReportChanged, found, reported };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!(await buildPackages())) process.exit(1);
  for (const [name, entries] of Object.entries(REPORTED)) {
    for (const entry of entries) {
      const { changed } = reportApi(name, entry, { write: true });
      console.log(`${changed ? 'written  ' : 'unchanged'} packages/${name}/api/${entry}.api.md`);
    }
  }
}
