import type { ServiceErrorCode } from '../errors.ts';
import { type Html, html } from './html.ts';
import { renderPage } from './layout.ts';

/** What the reference shows of an OpenAPI document. */
export interface ReferenceDocument {
  readonly info: Readonly<Record<string, unknown>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, ReferenceOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface ReferenceOperation {
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

export interface ReferenceProblem {
  readonly code: ServiceErrorCode;
  readonly anchor: string;
  readonly status: number;
  readonly title: string;
  readonly titleZh: string;
}

/** The API reference, from the OpenAPI document and the table of problems. */
export function renderReference(document: ReferenceDocument, problems: readonly ReferenceProblem[]): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => renderOperation(method, path, operation)),
  );
  return renderPage(
    '接口文档 API reference · Zhengma 证码',
    html`<header>
<h1>接口文档 <span lang="en">API reference</span></h1>
<p class="lead">${String(document.info['description'])}</p>
<p><a href="/openapi.json">openapi.json</a> · <a href="/">首页 Home</a></p>
</header>
<main>
<h2>鉴权 <span lang="en">Authentication</span></h2>
<pre>Authorization: Bearer zk_…</pre>
<h2>接口 <span lang="en">Operations</span></h2>
${operations}
<h2>数据结构 <span lang="en">Schemas</span></h2>
${Object.entries(document.components['schemas'] ?? {}).map(([name, schema]) => renderSchema(name, schema))}
<h2>错误 <span lang="en">Problems (RFC 9457)</span></h2>
<table>
<thead><tr><th>HTTP</th><th>code</th><th>含义 <span lang="en">Meaning</span></th></tr></thead>
<tbody>
${problems.map(renderProblem)}
</tbody>
</table>
</main>`,
  );
}

function renderOperation(method: string, path: string, operation: ReferenceOperation): Html {
  const { summary, description, parameters, requestBody, responses } = operation;
  const request = { ...(parameters ? { parameters } : {}), ...requestBody?.content };
  return html`<details>
<summary><span class="method">${method.toUpperCase()}</span><code>${path}</code><span>${summary}</span></summary>
<div>
<p class="role">${description}</p>
${Object.keys(request).length > 0 ? html`<h3>请求 Request</h3><pre>${JSON.stringify(request, null, 2)}</pre>` : ''}
<h3>响应 Responses</h3>
<table><tbody>
${Object.entries(responses).map(([status, response]) => html`<tr><th>${status}</th><td>${response.description}</td></tr>`)}
</tbody></table>
</div>
</details>
`;
}

function renderSchema(name: string, schema: unknown): Html {
  return html`<details><summary><code>${name}</code></summary><div><pre>${JSON.stringify(schema, null, 2)}</pre></div></details>
`;
}

function renderProblem({ code, anchor, status, title, titleZh }: ReferenceProblem): Html {
  return html`<tr id="${anchor}"><td>${status}</td><td><code>${code}</code></td><td>${titleZh} <span lang="en">${title}</span></td></tr>
`;
}
