import {
  type Parse,
  parseAddress,
  parseChoice,
  parseDatabase,
  parseHeaderName,
  parseHost,
  parseIssuer,
  parseLocalOrigins,
  parseNumber,
  parsePath,
  parseSigner,
  parseWord,
} from './parsers.ts';

/** One thing that an operator can choose. Its names derive from its place in the table: see `nameSetting`. */
export interface Setting<T = unknown> {
  /** What stands behind the flag in the help, as `<number>`. */
  readonly takes: string;
  /** As it would be written. Undefined: not set unless somebody sets it. */
  readonly standard: string | undefined;
  /** What is so where nothing is set and `standard` is undefined. */
  readonly otherwise?: string;
  /** What it must be, with an example; ends the sentence that refuses. */
  readonly must: string;
  readonly en: string;
  readonly zh: string;
  /** It holds a secret: it has no flag, which other users of the machine could see, and its value is never printed. */
  readonly secret?: true;
  /** An environment variable that is known under another name. */
  readonly variable?: string;
  readonly parse: Parse<T>;
}

type Optional<T> = Setting<T> & { readonly standard: undefined };
type Given<T> = Setting<T> & { readonly standard: string };

/** Every setting there is. The flags, the help, `zhengma config` and the table of the README derive from it. */
export const SETTINGS = {
  data: given({
    takes: '<folder>',
    standard: 'data',
    must: 'a folder, as ./data',
    en: 'the data folder',
    zh: '数据目录',
    parse: parsePath,
  }),
  port: given({
    takes: '<number>',
    standard: '8080',
    must: 'a number from 0 to 65535, as 8080',
    en: 'where the service listens; 0 takes a free port',
    zh: '监听端口；0 为任选空闲端口',
    parse: parseNumber(0, 65535),
  }),
  host: given({
    takes: '<address>',
    standard: '127.0.0.1',
    must: 'a host name or an IP address, as 127.0.0.1',
    en: 'on which address it listens; other than this machine: needs a public URL',
    zh: '监听地址；对外提供服务时须设 public-url',
    parse: parseHost,
  }),
  'public-url': optional({
    takes: '<url>',
    standard: undefined,
    otherwise: 'http://<host>:<port>, https with TLS',
    must: 'an http or https address without query, as https://ybj.example',
    en: 'how others reach the service; stands in the trust list',
    zh: '对外地址，写入信任名单',
    parse: parseAddress,
  }),
  'tls-cert': optional({
    takes: '<file>',
    standard: undefined,
    must: 'a file of PEM certificates, as /etc/zhengma/tls.crt',
    en: 'certificate chain in PEM: the service speaks https itself; with --tls-key',
    zh: 'TLS 证书链（PEM），与 tls-key 同时设置',
    parse: parsePath,
  }),
  'tls-key': optional({
    takes: '<file>',
    standard: undefined,
    must: 'a file with a private key in PEM, as /etc/zhengma/tls.key',
    en: 'private key of the certificate in PEM, not readable by everybody',
    zh: 'TLS 私钥（PEM），不得对所有用户可读',
    parse: parsePath,
  }),
  'proxy-header': optional({
    takes: '<name>',
    standard: undefined,
    otherwise: 'none is believed',
    must: 'the name of a header, as X-Forwarded-For',
    en: 'in which header a reverse proxy says the address of the client',
    zh: '反向代理用于传递客户端地址的请求头',
    parse: parseHeaderName,
  }),
  'proxy-hops': given({
    takes: '<number>',
    standard: '1',
    must: 'a number from 1 to 9, as 1',
    en: 'how many proxies in a row add to that header',
    zh: '依次写入该请求头的代理层数',
    parse: parseNumber(1, 9),
  }),
  'key-rate': given({
    takes: '<number>',
    standard: '6000',
    must: 'a number of requests a minute from 0 (no limit) to 1000000, as 6000',
    en: 'requests a minute of one operator; 0: no limit',
    zh: '单个操作员每分钟请求数；0 为不限',
    parse: parseNumber(0, 1_000_000),
  }),
  'address-rate': given({
    takes: '<number>',
    standard: '12000',
    must: 'a number of requests a minute from 0 (no limit) to 1000000, as 12000',
    en: 'requests a minute without a key (lists, pages) from one address; a hospital is one; 0: no limit',
    zh: '单个地址每分钟的免密钥请求数（名单、页面；一家医院常共用一个地址）；0 为不限',
    parse: parseNumber(0, 1_000_000),
  }),
  'refusal-rate': given({
    takes: '<number>',
    standard: '60',
    must: 'a number of refused keys a minute from 0 (no limit) to 1000000, as 60',
    en: 'refused API keys a minute from one address, before unknown keys from there are not looked at; 0: no limit',
    zh: '单个地址每分钟被拒密钥数，超出后不再查验来自该地址的未知密钥；0 为不限',
    parse: parseNumber(0, 1_000_000),
  }),
  'metrics-port': optional({
    takes: '<number>',
    standard: undefined,
    otherwise: 'no metrics',
    must: 'a number from 0 to 65535, as 9464',
    en: 'Prometheus metrics on a port of their own, at /metrics',
    zh: 'Prometheus 指标的独立端口（/metrics）',
    parse: parseNumber(0, 65535),
  }),
  'metrics-host': given({
    takes: '<address>',
    standard: '127.0.0.1',
    must: 'a host name or an IP address, as 127.0.0.1',
    en: 'on which address the metrics are; whoever reaches it can read them',
    zh: '指标监听地址；可访问者即可读取',
    parse: parseHost,
  }),
  'otlp-endpoint': optional({
    takes: '<url>',
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    standard: undefined,
    otherwise: 'no traces',
    must: 'an http or https address without query, as http://127.0.0.1:4318',
    en: 'an OpenTelemetry collector (OTLP over HTTP) that traces are sent to',
    zh: '接收链路追踪的 OpenTelemetry 采集器（OTLP/HTTP）',
    parse: parseAddress,
  }),
  'max-delegates': given({
    takes: '<number>',
    standard: '5',
    must: 'a number from 0 to 999, as 5',
    en: 'how many may act for one person at a time',
    zh: '同一人同时有效的代办人数上限',
    parse: parseNumber(0, 999),
  }),
  'four-eyes': given({
    takes: '<off|issue|revoke|both>',
    standard: 'off',
    must: 'off, issue, revoke or both',
    en: 'what another operator has to agree to first: issuing, revoking and reinstating, or both',
    zh: '双人复核：签发、吊销与恢复，或两者均须他人复核',
    parse: parseChoice('off', 'issue', 'revoke', 'both'),
  }),
  'status-list-ttl': given({
    takes: '<seconds>',
    standard: '300',
    must: 'a number of seconds from 10 to 86400, as 300',
    en: 'how long a reader keeps a status list before it asks again',
    zh: '状态名单的刷新周期（秒）',
    parse: parseNumber(10, 86_400),
  }),
  'status-list-life': given({
    takes: '<seconds>',
    standard: '86400',
    must: 'a number of seconds from 60 to 2592000, as 86400',
    en: 'how long a status list is good: so long a scanner without a network gives whole verdicts',
    zh: '状态名单的有效期（秒）；断网期间在此时限内仍可完整核验',
    parse: parseNumber(60, 2_592_000),
  }),
  'trust-list-days': given({
    takes: '<days>',
    standard: '30',
    must: 'a number of days from 2 to 366, as 30',
    en: 'how long a trust list is good: a scanner that was without a network for longer trusts nobody',
    zh: '信任名单的有效天数；断网超过此期限的扫码端不再信任任何签发方',
    parse: parseNumber(2, 366),
  }),
  'webhook-network': given({
    takes: '<public|private>',
    standard: 'public',
    must: 'public or private',
    en: 'where webhooks may be: public: https on the internet; private: also https and http on this machine and in private networks',
    zh: '回调地址范围：public 仅限互联网 https；private 另可为本机与内网的 https、http',
    parse: parseChoice('public', 'private'),
  }),
  identities: given({
    takes: '<off|sealed>',
    standard: 'off',
    must: 'off or sealed',
    en: 'sealed: name and ID number are kept encrypted until the credential ends, for a HIS that asks for them in full',
    zh: 'sealed：加密保存姓名与证件号直至凭证到期或吊销，供有权限的 HIS 读取；off：不保存',
    parse: parseChoice('off', 'sealed'),
  }),
  'ec-query-data': given({
    takes: '<object|string>',
    standard: 'object',
    must: 'object or string',
    en: 'how ec.query answers its data: as an object, or as a text of JSON',
    zh: 'ec.query 应答中 data 的形式：对象，或 JSON 字符串',
    parse: parseChoice('object', 'string'),
  }),
  'ec-token-seconds': given({
    takes: '<number>',
    standard: '7200',
    must: 'a number of seconds from 60 to 86400, as 7200',
    en: 'how long an ecToken is good',
    zh: 'ecToken 有效秒数',
    parse: parseNumber(60, 86_400),
  }),
  database: optional({
    takes: '<url>',
    variable: 'DATABASE_URL',
    secret: true,
    standard: undefined,
    otherwise: 'SQLite in the data folder',
    must: 'an address as postgres://user:password@host:5432/database, more servers after a comma: host:5432,host2:5432',
    en: 'PostgreSQL in place of the SQLite of the data folder; several servers: whichever takes writes',
    zh: '使用 PostgreSQL 代替内置 SQLite；可列多台服务器，自动使用可写的一台',
    parse: parseDatabase,
  }),
  'key-passphrase-file': optional({
    takes: '<file>',
    standard: undefined,
    otherwise: 'the systemd credential zhengma-key-passphrase',
    must: 'a file, as /etc/zhengma/passphrase',
    en: 'what the key files are encrypted with; only this user can read it',
    zh: '密钥文件的口令文件，仅本用户可读',
    parse: parsePath,
  }),
  signer: optional({
    takes: '<url>',
    standard: undefined,
    otherwise: 'the keys of the data folder',
    must: 'an https address without query, an http address on this machine, or unix: and the path of a socket, as unix:/run/signer.sock',
    en: 'who signs in place of the keys of the data folder: https://…, http:// on this machine, or unix:/…',
    zh: '外部签名服务地址，代替数据目录中的密钥',
    parse: parseSigner,
  }),
  'signer-token-file': optional({
    takes: '<file>',
    standard: undefined,
    otherwise: 'the systemd credential zhengma-signer-token',
    must: 'a file, as /etc/zhengma/signer-token',
    en: 'what the signer knows the service by; only this user can read it',
    zh: '外部签名服务的令牌文件，仅本用户可读',
    parse: parsePath,
  }),
  'openid-issuer': optional({
    takes: '<url>',
    standard: undefined,
    otherwise: 'API keys alone',
    must: 'an https address without query, or an http address on this machine, as https://login.example/realms/ybj',
    en: 'an OpenID provider whose access tokens let linked operators in, by its issuer to the letter; with --openid-audience',
    zh: 'OpenID 身份提供方的 issuer（须逐字一致），其访问令牌可代替 API 密钥；与 openid-audience 同时设置',
    parse: parseIssuer,
  }),
  'openid-audience': optional({
    takes: '<text>',
    standard: undefined,
    must: '1 to 255 characters of ASCII without spaces, as https://ybj.example',
    en: 'whom those tokens must be for (aud): what the provider calls this service and nothing else',
    zh: '令牌的受众（aud）：身份提供方对本服务的专用名称',
    parse: parseWord,
  }),
  'openid-claim': given({
    takes: '<name>',
    standard: 'sub',
    must: '1 to 255 characters of ASCII without spaces, as sub',
    en: 'the claim that says who it is; one that is never given to somebody else',
    zh: '标识登录主体的声明，不得转给他人',
    parse: parseWord,
  }),
  scanner: optional({
    takes: '<folder>',
    standard: undefined,
    otherwise: 'the installed @zhengma/scanner-web',
    must: 'a folder with built pages, as ./scanner',
    en: 'the built pages of the scanner',
    zh: '扫码页面目录',
    parse: parsePath,
  }),
  'hand-over-origins': optional({
    takes: '<origins>',
    standard: undefined,
    otherwise: 'none',
    must: 'up to 8 origins with a port on 127.0.0.1 or localhost, with commas between, as http://127.0.0.1:9000,ws://127.0.0.1:9000',
    en: 'where on its own machine a scanner may hand results over to a HIS',
    zh: '扫码页面可在其所在本机向 HIS 交出结果的地址',
    parse: parseLocalOrigins,
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;

/** What the settings say, by their names. */
export type SettingValues = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Given<infer T>
    ? T
    : (typeof SETTINGS)[Name] extends Optional<infer T>
      ? T | undefined
      : never;
};

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** How a setting is given: on the command line, in the environment, in a file. */
export function nameSetting(name: SettingName): { flag?: string; variable: string; key: string } {
  const { variable, secret }: Setting = SETTINGS[name];
  return {
    ...(!secret && { flag: `--${name}` }),
    variable: variable ?? `ZHENGMA_${name.replaceAll('-', '_').toUpperCase()}`,
    key: name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
  };
}

function given<T>(setting: Given<T>): Given<T> {
  return setting;
}

function optional<T>(setting: Optional<T>): Optional<T> {
  return setting;
}
