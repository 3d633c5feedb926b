// Finds a Chromium for the browser tests, or fetches one by the machine's own means.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { findCommand } from './steps.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const FIXED = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** @returns {string | undefined} the path of a Chromium, installing one where that is possible */
export function provideChromium() {
  return findChromium() ?? (downloadWithPlaywright() || installWithApt() ? findChromium() : undefined);
}

function findChromium() {
  if (process.env.ZHENGMA_CHROMIUM) return process.env.ZHENGMA_CHROMIUM;
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...FIXED, chromium.executablePath()].find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function downloadWithPlaywright() {
  console.log('No Chromium here: asking Playwright for one …');
  const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' };
  const args = [findCommand('playwright-core'), 'install', 'chromium'];
  return spawnSync(process.execPath, args, { env, stdio: 'ignore', timeout: 600_000 }).status === 0;
}

/** Only as root: a test does not ask for a password. */
function installWithApt() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.log("No download: asking the system's package manager …");
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', args, { env, stdio: 'ignore', timeout: 900_000 }).status === 0;
  return apt('update') && apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
}
