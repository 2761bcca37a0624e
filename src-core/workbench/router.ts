/** The typed API between page and core: every input is validated here, and nothing else happens here. */
import { initTRPC, TRPCError } from '@trpc/server';
import { z } from 'zod';
import { WorkbenchError } from '../base/errors.ts';
import type { WorkbenchService } from './service.ts';

/** What the page learns of an error: its class, code, advice and facts beside the message. */
export interface ErrorView {
  readonly name: string;
  readonly code: string;
  readonly advice?: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

const t = initTRPC.context<{ service: WorkbenchService }>().create({
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
/** ADM key as people write it; card/ says what a key looks like. */
const adm = z.string().min(1).max(32);

const signalOf = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal;

export const router = t.router({
  status: t.router({
    watch: procedure.subscription(({ ctx, signal }) => ctx.service.watchStatus(signalOf(signal))),
  }),
  devices: t.router({
    watch: procedure.subscription(({ ctx, signal }) => ctx.service.watchDevices(signalOf(signal))),
    tree: procedure
      .input(z.object({ deviceId }))
      .subscription(({ ctx, input, signal }) => ctx.service.watchTree(input.deviceId, signalOf(signal))),
    sessions: procedure
      .input(z.object({ deviceId }))
      .subscription(({ ctx, input, signal }) => ctx.service.watchSessions(input.deviceId, signalOf(signal))),
    message: procedure
      .input(z.object({ key: z.string().min(1).max(64) }))
      .query(({ ctx, input }) => ctx.service.messageBody(input.key)),
    read: procedure
      .input(z.object({ deviceId, uri }))
      .mutation(({ ctx, input }) => ctx.service.readSubtree(input.deviceId, input.uri)),
    replace: procedure
      .input(z.object({ deviceId, uri, format: z.string().min(1).max(16), value: z.string().max(65536) }))
      .mutation(({ ctx, input }) => ctx.service.replaceValue(input.deviceId, input.uri, input.format, input.value)),
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
      .input(z.object({ planId, adm }))
      .mutation(({ ctx, input }) => ctx.service.writePlan(input.planId, input.adm)),
    verify: procedure.input(z.object({ planId })).mutation(({ ctx, input }) => ctx.service.verifyPlan(input.planId)),
    cancel: procedure.input(z.object({ planId })).mutation(({ ctx, input }) => ctx.service.cancelWrite(input.planId)),
  }),
  story: t.router({
    watch: procedure.subscription(({ ctx, signal }) => ctx.service.watchStory(signalOf(signal))),
    play: procedure.mutation(({ ctx }) => ctx.service.playStory()),
  }),
});

export type WorkbenchRouter = typeof router;
