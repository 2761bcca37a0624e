/** Programs of a bench in processes of their own, which do what they are told over IPC. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** @returns once the program says that it is ready, with what it says. */
export async function start(program, parameters, execArgv = []) {
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
  const child = fork(join(import.meta.dirname, program), parameters, { stdio, execArgv });
  const exit = once(child, 'exit');
  const failed = exit.then(([code]) => Promise.reject(new Error(`${program} ended with ${code}`)));
  failed.catch(() => {});
  const [{ started }] = await Promise.race([once(child, 'message'), failed]);
  return {
    started,
    async order(name, argument) {
      child.send({ name, argument });
      const [{ done, error }] = await Promise.race([once(child, 'message'), failed]);
      if (error) throw new Error(`${program} could not ${name}: ${error}`);
      return done;
    },
    async close() {
      await this.order('close');
      child.disconnect();
      await exit;
    },
  };
}

/** The other side: one order at a time. */
export function answerOrders(started, orders) {
  // Nobody is left without the bench.
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ name, argument }) => {
    try {
      process.send({ done: await orders[name](argument) });
    } catch (error) {
      process.send({ error: String(error?.stack ?? error) });
    }
  });
  process.send({ started });
}
