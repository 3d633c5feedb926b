import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const { SyntaxKind } = ts;

/** All that the script is written in; the getter is ES5 as well. What is not here fails, whatever year it is from. */
const ES5 = new Set([
  SyntaxKind.SourceFile,
  SyntaxKind.EndOfFileToken,
  SyntaxKind.ExpressionStatement,
  SyntaxKind.VariableStatement,
  SyntaxKind.VariableDeclarationList,
  SyntaxKind.VariableDeclaration,
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.Parameter,
  SyntaxKind.Block,
  SyntaxKind.IfStatement,
  SyntaxKind.ReturnStatement,
  SyntaxKind.TryStatement,
  SyntaxKind.CatchClause,
  SyntaxKind.ObjectLiteralExpression,
  SyntaxKind.GetAccessor,
  SyntaxKind.ParenthesizedExpression,
  SyntaxKind.CallExpression,
  SyntaxKind.NewExpression,
  SyntaxKind.PropertyAccessExpression,
  SyntaxKind.BinaryExpression,
  SyntaxKind.PrefixUnaryExpression,
  SyntaxKind.TypeOfExpression,
  SyntaxKind.Identifier,
  SyntaxKind.StringLiteral,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.AmpersandAmpersandToken,
  SyntaxKind.BarBarToken,
  SyntaxKind.EqualsToken,
  SyntaxKind.EqualsEqualsEqualsToken,
  SyntaxKind.InKeyword,
]);

test('what tells an old browser that it is old is built in a language that it knows', async () => {
  const text = await readFile(join(import.meta.dirname, '../dist/scan/old-browser.js'), 'utf8');
  expect(text).toContain('hidden');
  expect(newerThanES5(text)).toEqual([]);
});

test('the check knows newer syntax', () => {
  for (const text of [
    '(() => {})();',
    'let x;',
    'const x = 1;',
    'x = `a`;',
    'x?.y;',
    'try {} catch {}',
    'x = { y };',
  ]) {
    expect(newerThanES5(text), text).not.toEqual([]);
  }
});

function newerThanES5(text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    const isBlockScoped = ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) !== 0;
    const isBareCatch = ts.isCatchClause(node) && !node.variableDeclaration;
    if (!ES5.has(node.kind) || isBlockScoped || isBareCatch) found.push(node.getText());
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile('script.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS));
  return found;
}
