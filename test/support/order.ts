/**
 * The order of test files: long ones first, so that no worker is idle at the end. Those that need the one pcscd (P) stand apart,
 * so that no two of them run at a time and one waits for the other.
 */
import { relative, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const LONG = [
  'renderer/sessions',
  'cli/dmw', // P
  'renderer/message',
  'renderer/page-axe',
  'renderer/cards-risks',
  'e2e/story', // P
  'renderer/cards-plan',
  'renderer/cards-trace',
  'renderer/batch',
  'card/pcsc', // P
  'renderer/objects',
  'renderer/page-shell',
  'renderer/page-cards',
  'cli/card-batch', // P
  'renderer/devices',
  'renderer/page-devices',
  'renderer/snapshots',
  'e2e/demo', // P
  'renderer/node-commands',
  'fuzz/fuzz',
  'renderer/cards-core',
  'virtual/uicc-opensc', // P
  'renderer/ddf',
  'renderer/node',
  'renderer/account',
  'cli/card-resume', // P
  'cli/codec',
  'cli/simulate-card',
  'renderer/node-live',
  'renderer/page-tree',
  'encoding/wbxml',
  'cli/simulate-session',
  'fuzz/documents/libwbxml',
].map(name => `test/${name}.test.ts`);

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isApart = ({ project }: TestSpecification) => project.config.isolate;
    const place = ({ moduleId }: TestSpecification) => {
      const file = relative(this.ctx.config.root, moduleId).replaceAll(sep, '/');
      return LONG.includes(file) ? LONG.indexOf(file) : LONG.length;
    };
    return [...sorted.filter(isApart), ...sorted.filter(spec => !isApart(spec)).sort((a, b) => place(a) - place(b))];
  }
}
