import { html } from './html.ts';
import { renderPage } from './layout.ts';

/** The front page: four doors. */
export function renderLanding(): string {
  return renderPage(
    'Zhengma 证码',
    html`<header>
<h1>Zhengma 证码</h1>
<p class="lead">签名、限时、可吊销的凭证二维码，离线可核验</p>
<p class="lead" lang="en">Signed, time-bound, revocable credentials as QR codes, verified offline</p>
</header>
<main>
<ul class="doors">
<li><a href="/scan/"><strong>扫码核验</strong><span lang="en">Scanner: point the camera at a code, read the verdict</span></a></li>
<li><a href="/wallet/"><strong>持证人页面</strong><span lang="en">Holder's page: show the QR code of a credential</span></a></li>
<li><a href="/admin/"><strong>管理页面</strong><span lang="en">Administration: issue, revoke, see who did what</span></a></li>
<li><a href="/docs"><strong>接口文档</strong><span lang="en">API reference: issue, verify, revoke, signed lists</span></a></li>
</ul>
</main>`,
  );
}
