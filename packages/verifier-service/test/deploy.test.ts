import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readConfigFile } from '../src/settings/config-file.ts';
import { nameSetting, SETTING_NAMES } from '../src/settings/table.ts';
import { makeFolder } from './cli.ts';
import { startService } from './service.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DEPLOY = path.join(ROOT, 'deploy');

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

async function readDockerfile(): Promise<Instruction[]> {
  const text = (await readFile(path.join(DEPLOY, 'Dockerfile'), 'utf8')).replaceAll('\\\n', ' ');
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [name = '', ...rest] = line.split(/\s+/);
    return { name, rest: rest.join(' ') };
  });
}

function find(instructions: readonly Instruction[], name: string): string[] {
  return instructions.filter((instruction) => instruction.name === name).map(({ rest }) => rest);
}

it('what the files of deploy/ and their guide name are settings that there are', async () => {
  const known = new Set(['ZHENGMA_CONFIG', ...SETTING_NAMES.map((name) => nameSetting(name).variable)]);
  const files = (await readdir(DEPLOY)).map((name) => path.join(DEPLOY, name));
  const guide = path.join(ROOT, 'docs', 'operating.md');
  for (const file of [...files, guide]) {
    const named = (await readFile(file, 'utf8')).match(/\b(?:ZHENGMA_|OTEL_EXPORTER_OTLP_ENDPOINT)\w*/g) ?? [];
    for (const variable of named) expect(known, file).toContain(variable);
  }
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(await readFile(guide, 'utf8')) ?? [];
  const file = path.join(await makeFolder(), 'zhengma.json');
  await writeFile(file, example);
  expect(readConfigFile(file).texts.size).toBe(4);
});

describe('the Dockerfile', () => {
  it('builds in one stage and runs in another, as nobody in particular, from files that there are', async () => {
    const instructions = await readDockerfile();
    const [build, run, ...others] = find(instructions, 'FROM');
    expect(others).toEqual([]);
    for (const stage of [build, run]) expect(stage).toMatch(/^node:24-[a-z]+-slim(?: AS build)?$/);
    const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
    const ignored = (await readFile(path.join(DEPLOY, 'Dockerfile.dockerignore'), 'utf8')).split('\n');
    expect(ignored[0]).toBe('**');
    const sources = find(instructions, 'COPY').filter((rest) => !rest.startsWith('--from=build '));
    for (const source of sources.flatMap((rest) => rest.split(' ').slice(0, -1))) {
      expect(existsSync(path.join(ROOT, source)), source).toBe(true);
      expect(ignored.includes(`!${source}`) || ignored.includes(`!${source}/**`), source).toBe(true);
    }
    expect(sources.length).toBe(4);
    expect(find(last, 'COPY')).toEqual(['--from=build /app /app']);
    expect(find(instructions, 'RUN')[0]).toMatch(/deploy --prod --legacy \/app$/);
    expect(find(last, 'USER')).toEqual(['1000:1000']);
    expect(last.findIndex(({ name }) => name === 'USER')).toBeGreaterThan(
      last.findLastIndex(({ name }) => name === 'RUN'),
    );
    expect(find(last, 'VOLUME')).toEqual(['/data']);
    expect(find(last, 'ENV').join()).toContain('ZHENGMA_DATA=/data');
    expect(JSON.parse(find(last, 'ENTRYPOINT')[0] ?? '')).toEqual(['node', '/app/dist/cli.js']);
    expect(JSON.parse(find(last, 'CMD')[0] ?? '')).toEqual(['serve']);
    expect(find(instructions, 'ADD')).toEqual([]);
  });

  it('has a health check that tells a ready service from one that is not, and from none', async () => {
    const [check = ''] = find(await readDockerfile(), 'HEALTHCHECK');
    const [program, ...words] = JSON.parse(check.slice(check.indexOf('['))) as string[];
    expect(program).toBe('node');
    const service = await startService();
    const ask = () =>
      new Promise((resolve) => {
        const script = words.map((word) => word.replace('http://127.0.0.1:8080', service.url));
        execFile(process.execPath, script, (error) => resolve(error ? error.code : 0));
      });
    expect(await ask()).toBe(0);
    service.setDraining(true);
    expect(await ask()).toBe(1);
    await service.close();
    expect(await ask()).toBe(1);
  });
});

it('the systemd unit has a user of its own, no way to more rights, and time enough to drain', async () => {
  const text = await readFile(path.join(DEPLOY, 'zhengma.service'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const needed = ['Type=exec', 'User=zhengma', 'StateDirectory=zhengma', 'KillSignal=SIGTERM', 'TimeoutStopSec=15'];
  const shut = ['ProtectSystem=strict', 'NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'UMask=0077'];
  for (const line of [...needed, ...shut]) expect(lines).toContain(line);
  const command = lines.find((line) => line.startsWith('ExecStart='));
  expect(command).toBe('ExecStart=/usr/bin/node /opt/zhengma/dist/cli.js serve --config /etc/zhengma/zhengma.json');
  const sysusers = await readFile(path.join(DEPLOY, 'zhengma.sysusers.conf'), 'utf8');
  expect(sysusers).toMatch(/^u zhengma - "[^"]+" \/var\/lib\/zhengma\n$/);
  // systemd's own opinion, where there is one: unknown directives and values are faults to it.
  if (spawnSync('systemd-analyze', ['--version']).error) return;
  const file = path.join(await makeFolder(), 'zhengma.service');
  await writeFile(file, text.replace('/usr/bin/node', process.execPath));
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  const said = stderr.split('\n').filter((line) => line.includes('zhengma.service'));
  expect({ status, said }).toEqual({ status: 0, said: [] });
});
