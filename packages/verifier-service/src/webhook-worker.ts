import type { Logger } from 'pino';
import { type DeliveryDeps, WebhookDelivery } from './actions/deliver-webhooks.ts';
import { ServiceError } from './errors.ts';

const LOOK_MILLISECONDS = 500;
const FORGET_MILLISECONDS = 60_000;

/** Sends messages to endpoints for as long as the process serves, beside the requests. */
export function startWebhookWorker(deps: DeliveryDeps, logger: Logger): { stop(): Promise<void> } {
  const delivery = new WebhookDelivery(deps);
  const report = (error: unknown) => {
    // An outage of the database is told by readiness and by every request.
    if (error instanceof ServiceError) return;
    logger.error({ message: 'webhooks failed', fault: (error as Error).message });
  };
  const looking = repeat(() => delivery.begin(), LOOK_MILLISECONDS, report);
  const forgetting = repeat(() => delivery.forget(), FORGET_MILLISECONDS, report);
  return {
    async stop() {
      await Promise.all([looking.stop(), forgetting.stop()]);
      await delivery.stop();
    },
  };
}

/** Runs `work` again so long after it has ended. */
function repeat(work: () => Promise<unknown>, pause: number, report: (error: unknown) => void) {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = work()
      .then(() => {}, report)
      .then(() => {
        if (!isStopped) timer = setTimeout(run, pause);
      });
  };
  run();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
