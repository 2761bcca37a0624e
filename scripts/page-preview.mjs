/** Serves the built page over made-up data, for looking at it: `vite build && node scripts/page-preview.mjs [empty]`. */
import { fileURLToPath } from 'node:url';
import { startApiServer } from '../src-core/workbench/api-server.ts';
import { FakeWorkbench } from '../test/support/fake-workbench.ts';

const workbench = new FakeWorkbench();
if (process.argv[2] !== 'empty') workbench.fill();
const server = await startApiServer({
  service: workbench,
  pageRoot: fileURLToPath(new URL('../dist/page', import.meta.url)),
});
let tick = 1;
const clock = setInterval(() => {
  tick += 1;
  if (workbench.devices.value.length > 0) workbench.changeValue('./Vendor/Clock', String(tick));
}, 7000);
console.log(server.url);
process.once('SIGINT', async () => {
  clearInterval(clock);
  await server.close();
  process.exit(0);
});
