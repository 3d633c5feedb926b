import { type Html, html } from './html.ts';

/** A whole page. The style sheet is a file of its own: the policy allows no inline style. */
export function renderPage(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/pages.css">
</head>
<body>
${body}
<footer lang="en"><p>Zhengma 证码 is not 医保码 and not affiliated with any authority. 证码不是官方医保码，与任何主管部门无隶属关系。</p></footer>
</body>
</html>
`.text;
}
