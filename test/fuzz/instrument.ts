import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

/**
 * The library with a counter in every branch. The native part of jazzer.js asks for a newer libc than long-lived systems have,
 * and V8's own coverage takes milliseconds to read; a counter in an array takes nothing, and tells how often as well.
 */

const CORE = join(import.meta.dirname, '../../packages/credential-core');
/** Inside the package, so that its dependencies are found. */
const OUTPUT = join(CORE, 'node_modules', '.fuzz');

const SIZE = 8192;

/** How often each branch was taken; the counters of a byte stop at 255. */
export const counters = new Uint8Array(SIZE);
(globalThis as unknown as { zhengmaCounters: Uint8Array }).zhengmaCounters = counters;

/** Writes the instrumented library and gives a function that loads its modules. */
export function instrument(): { readonly branches: number; load<T>(path: string): Promise<T> } {
  const folder = join(OUTPUT, String(process.pid));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const source = join(CORE, 'src');
  let branches = 0;
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(source, name), 'utf8'), {
      fileName: name,
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
      transformers: { before: [(context) => (file) => countBranches(file, context, () => branches++)] },
    });
    const path = join(folder, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `const __count = globalThis.zhengmaCounters;\n${outputText}`);
  }
  if (branches > SIZE) throw new Error(`${branches} branches, room for ${SIZE}`);
  return { branches, load: (path) => import(pathToFileURL(join(folder, path)).href) };
}

function countBranches(file: ts.SourceFile, context: ts.TransformationContext, next: () => number): ts.SourceFile {
  const { factory } = context;
  /** `__count[n]++`: a Uint8Array wraps, which the loop's buckets bear. */
  const count = () =>
    factory.createPostfixIncrement(factory.createElementAccessExpression(factory.createIdentifier('__count'), next()));
  const counted = (expression: ts.Expression) =>
    factory.createParenthesizedExpression(factory.createComma(count(), expression));
  const asBlock = (statement: ts.Statement): ts.Statement =>
    ts.isBlock(statement)
      ? statement
      : factory.createBlock([factory.createExpressionStatement(count()), statement], true);

  const visit = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isBlock(visited)) {
      return factory.updateBlock(visited, [factory.createExpressionStatement(count()), ...visited.statements]);
    }
    if (ts.isIfStatement(visited)) {
      const otherwise = visited.elseStatement && asBlock(visited.elseStatement);
      return factory.updateIfStatement(visited, visited.expression, asBlock(visited.thenStatement), otherwise);
    }
    if (ts.isForStatement(visited)) {
      const { initializer, condition, incrementor, statement } = visited;
      return factory.updateForStatement(visited, initializer, condition, incrementor, asBlock(statement));
    }
    if (ts.isForOfStatement(visited)) {
      const { awaitModifier, initializer, expression, statement } = visited;
      return factory.updateForOfStatement(visited, awaitModifier, initializer, expression, asBlock(statement));
    }
    if (ts.isWhileStatement(visited)) {
      return factory.updateWhileStatement(visited, visited.expression, asBlock(visited.statement));
    }
    if (ts.isCaseOrDefaultClause(visited)) {
      const statements = [factory.createExpressionStatement(count()), ...visited.statements];
      return ts.isCaseClause(visited)
        ? factory.updateCaseClause(visited, visited.expression, statements)
        : factory.updateDefaultClause(visited, statements);
    }
    if (ts.isConditionalExpression(visited)) {
      const { condition, questionToken, whenTrue, colonToken, whenFalse } = visited;
      return factory.updateConditionalExpression(
        visited,
        condition,
        questionToken,
        counted(whenTrue),
        colonToken,
        counted(whenFalse),
      );
    }
    if (ts.isBinaryExpression(visited) && isShortCircuit(visited.operatorToken.kind)) {
      return factory.updateBinaryExpression(visited, visited.left, visited.operatorToken, counted(visited.right));
    }
    return visited;
  };
  return ts.visitEachChild(file, visit, context);
}

function isShortCircuit(kind: ts.SyntaxKind): boolean {
  const { AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken } = ts.SyntaxKind;
  return kind === AmpersandAmpersandToken || kind === BarBarToken || kind === QuestionQuestionToken;
}
