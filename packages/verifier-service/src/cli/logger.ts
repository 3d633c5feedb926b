import pino, { type Logger } from 'pino';

/**
 * Log lines on stderr: one JSON object each, or for a person at a terminal, one short line.
 *
 * @param level `error` keeps quiet about everything else until `level` is set to `info`
 */
export function createLogger(level: 'info' | 'error'): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' };
  return process.stderr.isTTY
    ? pino(options, { write: writeShort })
    : pino(options, pino.destination({ fd: 2, sync: true }));
}

function writeShort(line: string): void {
  const { time, method, route, status, milliseconds, message, error, simulation } = JSON.parse(line) as Record<
    string,
    unknown
  >;
  const what = message ?? error ?? `${status} ${method} ${route} ${milliseconds} ms`;
  process.stderr.write(`${String(time).slice(11, 19)} ${simulation ? 'SIMULATION ' : ''}${what}\n`);
}
