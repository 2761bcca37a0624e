/** The typed API between page and core: every input is validated here, and nothing else happens here. */
import { initTRPC, TRPCError } from '@trpc/server';
import { z } from 'zod';
import { WorkbenchError } from '../base/errors.ts';
import { paced } from './back-pressure.ts';
import { batchInputs, listOptions } from './cards/batch/inputs.ts';
import { ddfFile, ddfId } from './ddf/inputs.ts';
import type { WorkbenchService } from './service.ts';
import { importedFile, replayTarget, secrets, sessionFilter, sessionKey, sessionPage } from './session-inputs.ts';
import { snapshotInputs } from './snapshots/inputs.ts';
import { commands, patienceSeconds, workId } from './work-inputs.ts';

/** What the page learns of an error: its class, code, advice and facts beside the message. */
export interface ErrorView {
  readonly name: string;
  readonly code: string;
  readonly advice?: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export interface ApiContext {
  readonly service: WorkbenchService;
  /** Resolves when the page has taken what was sent to it. */
  readonly drained?: () => Promise<void>;
}

const t = initTRPC.context<ApiContext>().create({
  errorFormatter({ shape, error }) {
    const cause = error.cause;
    const view: ErrorView | undefined =
      cause instanceof WorkbenchError
        ? { name: cause.name, code: cause.code, advice: cause.advice, details: cause.details }
        : undefined;
    return { ...shape, data: { code: shape.data.code, path: shape.data.path, error: view } };
  },
});

/** Expected errors keep their words; unexpected ones say only that something failed (the core logs the rest). */
const procedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (!result.ok && result.error.code === 'INTERNAL_SERVER_ERROR' && !(result.error.cause instanceof WorkbenchError)) {
    console.error('unexpected error in the API:', result.error.cause ?? result.error);
    throw new TRPCError({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'The core met an unexpected error; its log says which',
    });
  }
  return result;
});

const deviceId = z.string().min(1).max(255);
const uri = z
  .string()
  .regex(/^\.(\/[^?#\0]+)*$/, 'expected a URI from the root, such as ./DevInfo/DevId')
  .max(2048);
const reader = z.string().min(1).max(255);
const planId = z.string().min(1).max(64);
const iccid = z.string().regex(/^\d{1,20}$/, 'expected the digits of an ICCID');
/** ADM key as people write it; card/ says what a key looks like. */
const adm = z.string().min(1).max(32);
/** A person's word for a key that may block this card, or that was presented so many times without an answer. */
const consent = z.object({ iccid, presented: z.int().min(1).optional() }).optional();
/** PIN1 as people type it; card/ says what one looks like. */
const pin = z.string().min(1).max(32);

const signalOf = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal;

export const router = t.router({
  status: t.router({
    watch: procedure.subscription(({ ctx, signal }) => ctx.service.watchStatus(signalOf(signal))),
  }),
  devices: t.router({
    watch: procedure.subscription(({ ctx, signal }) => ctx.service.watchDevices(signalOf(signal))),
    tree: procedure
      .input(z.object({ deviceId }))
      .subscription(({ ctx, input, signal }) =>
        paced(ctx.service.watchTree(input.deviceId, signalOf(signal)), ctx.drained),
      ),
    object: procedure
      .input(z.object({ deviceId, uri }))
      .query(({ ctx, input }) => ctx.service.objectAt(input.deviceId, input.uri)),
    history: procedure
      .input(z.object({ deviceId, uri }))
      .query(({ ctx, input }) => ctx.service.nodeHistory(input.deviceId, input.uri)),
    sessions: procedure
      .input(z.object({ deviceId }))
      .subscription(({ ctx, input, signal }) =>
        paced(ctx.service.watchSessions(input.deviceId, signalOf(signal)), ctx.drained),
      ),
    message: procedure
      .input(z.object({ key: z.string().min(1).max(64) }))
      .query(({ ctx, input }) => ctx.service.messageBody(input.key)),
    freeAccount: procedure
      .input(z.object({ deviceId }))
      .mutation(({ ctx, input }) => ctx.service.freeAccount(input.deviceId)),
    read: procedure
      .input(z.object({ deviceId, uri }))
      .mutation(({ ctx, input }) => ctx.service.readSubtree(input.deviceId, input.uri)),
    replace: procedure
      .input(z.object({ deviceId, uri, format: z.string().min(1).max(16), value: z.string().max(65536) }))
      .mutation(({ ctx, input }) => ctx.service.replaceValue(input.deviceId, input.uri, input.format, input.value)),
    preview: procedure
      .input(z.object({ deviceId, commands }))
      .query(({ ctx, input }) => ctx.service.work.preview(input.deviceId, input.commands)),
    send: procedure
      .input(z.object({ deviceId, commands, thenRead: z.boolean().optional() }))
      .mutation(({ ctx, input }) => ctx.service.work.send(input.deviceId, input.commands, input.thenRead)),
    work: procedure
      .input(z.object({ deviceId }))
      .subscription(({ ctx, input, signal }) => ctx.service.work.watch(input.deviceId, signalOf(signal))),
    cancel: procedure.input(z.object({ workId })).mutation(({ ctx, input }) => ctx.service.work.cancel(input.workId)),
    hold: procedure
      .input(z.object({ deviceId, hold: z.boolean(), patienceSeconds: patienceSeconds.optional() }))
      .mutation(({ ctx, input }) => ctx.service.work.hold(input.deviceId, input.hold, input.patienceSeconds)),
    describe: procedure
      .input(z.object({ deviceId, uri }))
      .query(({ ctx, input }) => ctx.service.ddf.describe(input.deviceId, input.uri)),
    mayAdd: procedure
      .input(z.object({ deviceId, uri }))
      .query(({ ctx, input }) => ctx.service.ddf.mayAdd(input.deviceId, input.uri)),
    ddfSkeleton: procedure
      .input(z.object({ deviceId, uri }))
      .query(({ ctx, input }) => ctx.service.ddf.skeleton(input.deviceId, input.uri)),
  }),
  sessions: t.router({
    find: procedure
      .input(z.object({ filter: sessionFilter, page: sessionPage }))
      .subscription(({ ctx, input, signal }) =>
        ctx.service.sessionsRoom.find(input.filter, input.page, signalOf(signal)),
      ),
    changes: procedure
      .input(z.object({ filter: sessionFilter }))
      .subscription(({ ctx, input, signal }) => ctx.service.sessionsRoom.watchRows(input.filter, signalOf(signal))),
    open: procedure
      .input(z.object({ key: sessionKey, filter: sessionFilter }))
      .subscription(({ ctx, input, signal }) =>
        ctx.service.sessionsRoom.open(input.key, input.filter, signalOf(signal)),
      ),
    recordOf: procedure
      .input(z.object({ deviceId, sessionId: z.string().max(4096), at: z.number() }))
      .query(({ ctx, input }) => ctx.service.sessionsRoom.recordOf(input.deviceId, input.sessionId, input.at)),
    export: procedure
      .input(z.object({ key: sessionKey, form: z.enum(['file', 'html']), secrets }))
      .query(({ ctx, input }) => ctx.service.sessionsRoom.exportSession(input.key, input.form, input.secrets)),
    shelf: procedure.subscription(({ ctx, signal }) => ctx.service.sessionsRoom.watchShelf(signalOf(signal))),
    import: procedure
      .input(importedFile)
      .mutation(({ ctx, input }) => ctx.service.sessionsRoom.importSession(input.name, input.text)),
    close: procedure
      .input(z.object({ key: sessionKey }))
      .mutation(({ ctx, input }) => ctx.service.sessionsRoom.closeShelf(input.key)),
    replayCommands: procedure
      .input(z.object({ key: sessionKey }))
      .query(({ ctx, input }) => ctx.service.sessionsRoom.replayCommands(input.key)),
    replay: procedure
      .input(z.object({ key: sessionKey, target: replayTarget }))
      .subscription(({ ctx, input, signal }) =>
        ctx.service.sessionsRoom.replay(input.key, input.target, signalOf(signal)),
      ),
  }),
  ddf: t.router({
    watch: procedure.subscription(({ ctx, signal }) => ctx.service.ddf.watch(signalOf(signal))),
    add: procedure.input(ddfFile).mutation(({ ctx, input }) => ctx.service.ddf.add(input.name, input.content)),
    remove: procedure.input(z.object({ id: ddfId })).mutation(({ ctx, input }) => ctx.service.ddf.remove(input.id)),
    file: procedure.input(z.object({ id: ddfId })).query(({ ctx, input }) => ctx.service.ddf.file(input.id)),
  }),
  snapshots: t.router({
    watch: procedure.subscription(({ ctx, signal }) => ctx.service.snapshots.watch(signalOf(signal))),
    take: procedure
      .input(snapshotInputs.take)
      .mutation(({ ctx, input }) => ctx.service.snapshots.take(input.deviceId, input.name, input.uri)),
    rename: procedure
      .input(snapshotInputs.rename)
      .mutation(({ ctx, input }) => ctx.service.snapshots.rename(input.key, input.name)),
    remove: procedure
      .input(snapshotInputs.remove)
      .mutation(({ ctx, input }) => ctx.service.snapshots.remove(input.key)),
    diff: procedure
      .input(snapshotInputs.diff)
      .query(({ ctx, input }) => ctx.service.snapshots.diff(input.from, input.to)),
    changesAt: procedure
      .input(snapshotInputs.changesAt)
      .query(({ ctx, input }) => ctx.service.snapshots.changesAt(input.from, input.to, input.uri)),
    commands: procedure.input(snapshotInputs.commands).query(({ ctx, input }) => ctx.service.snapshots.commands(input)),
    send: procedure
      .input(snapshotInputs.apply)
      .mutation(({ ctx, input }) => ctx.service.snapshots.apply(input.request, input.digest)),
    export: procedure.input(snapshotInputs.export).query(({ ctx, input }) => ctx.service.snapshots.exportTree(input)),
    import: procedure
      .input(snapshotInputs.import)
      .mutation(({ ctx, input }) => ctx.service.snapshots.importTree(input.fileName, input.gzip)),
  }),
  cards: t.router({
    watch: procedure.subscription(({ ctx, signal }) => ctx.service.watchCards(signalOf(signal))),
    apdus: procedure
      .input(z.object({ reader }))
      .subscription(({ ctx, input, signal }) => ctx.service.watchApdus(input.reader, signalOf(signal))),
    sheet: procedure.input(z.object({ reader })).query(({ ctx, input }) => ctx.service.cardSheet(input.reader)),
    plan: procedure
      .input(z.object({ reader, profileId: z.string().min(1).max(64) }))
      .mutation(({ ctx, input }) => ctx.service.planCard(input.reader, input.profileId)),
    write: procedure
      .input(z.object({ planId, adm, consent }))
      .mutation(({ ctx, input }) => ctx.service.writePlan(input.planId, input.adm, input.consent)),
    unlock: procedure
      .input(z.object({ reader, pin, consent }))
      .mutation(({ ctx, input }) => ctx.service.unlockCard(input.reader, input.pin, input.consent)),
    planCp: procedure
      .input(z.object({ reader, name: z.string().min(1).max(200), base64: z.base64().max(100_000) }))
      .mutation(({ ctx, input }) => ctx.service.planCp(input.reader, input.name, input.base64)),
    erase: procedure
      .input(z.object({ reader, bootstrap: z.enum(['dm', 'cp']).optional() }))
      .mutation(({ ctx, input }) => ctx.service.planErase(input.reader, input.bootstrap)),
    trace: procedure
      .input(z.object({ reader, form: z.enum(['json', 'text']) }))
      .query(({ ctx, input }) => ctx.service.cardTrace(input.reader, input.form)),
    restore: procedure
      .input(z.object({ reader, backup: z.string().regex(/^\d{1,16}$/) }))
      .mutation(({ ctx, input }) => ctx.service.planRestore(input.reader, input.backup)),
    resume: procedure
      .input(z.object({ reader, bootstrap: z.enum(['dm', 'cp']).optional() }))
      .mutation(({ ctx, input }) => ctx.service.planResume(input.reader, input.bootstrap)),
    removeBackups: procedure
      .input(
        z.object({
          iccid,
          backup: z
            .string()
            .regex(/^\d{1,16}$/)
            .optional(),
        }),
      )
      .mutation(({ ctx, input }) => ctx.service.removeBackups(input.iccid, input.backup)),
    backups: procedure.input(z.object({ iccid })).query(({ ctx, input }) => ctx.service.cardBackups(input.iccid)),
    verify: procedure.input(z.object({ planId })).mutation(({ ctx, input }) => ctx.service.verifyPlan(input.planId)),
    cancel: procedure.input(z.object({ planId })).mutation(({ ctx, input }) => ctx.service.cancelWrite(input.planId)),
  }),
  batches: t.router({
    watch: procedure.subscription(({ ctx, signal }) => ctx.service.batches.watch(signalOf(signal))),
    rows: procedure
      .input(batchInputs.key)
      .subscription(({ ctx, input, signal }) => ctx.service.batches.watchRows(input.key, signalOf(signal))),
    import: procedure
      .input(batchInputs.import)
      .mutation(({ ctx, input: { name, text, ...options } }) =>
        ctx.service.batches.importList(name, text, listOptions(options)),
      ),
    preview: procedure
      .input(batchInputs.preview)
      .query(({ ctx, input }) => ctx.service.batches.preview(input.key, input.line)),
    start: procedure
      .input(batchInputs.start)
      .mutation(({ ctx, input }) => ctx.service.batches.start(input.key, input.readers)),
    stop: procedure.mutation(({ ctx }) => ctx.service.batches.stop()),
    result: procedure
      .input(batchInputs.result)
      .query(({ ctx, input }) => ctx.service.batches.result(input.key, input.form)),
    allowUnknownTries: procedure
      .input(batchInputs.allow)
      .mutation(({ ctx, input }) => ctx.service.batches.allowUnknownTries(input.key, input.allowed)),
    trace: procedure
      .input(batchInputs.trace)
      .query(({ ctx, input }) => ctx.service.batches.trace(input.key, input.line, input.form)),
    traces: procedure
      .input(batchInputs.traces)
      .query(({ ctx, input }) => ctx.service.batches.traces(input.key, input.form, input.from)),
    remove: procedure.input(batchInputs.key).mutation(({ ctx, input }) => ctx.service.batches.remove(input.key)),
  }),
  story: t.router({
    watch: procedure.subscription(({ ctx, signal }) => ctx.service.watchStory(signalOf(signal))),
    play: procedure.mutation(({ ctx }) => ctx.service.playStory()),
  }),
});

export type WorkbenchRouter = typeof router;
