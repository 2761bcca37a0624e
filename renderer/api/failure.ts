/** What a person sees of an error that came over the API: what happened, and what to do next. */
import type { ErrorView } from '../../src-core/workbench/router.ts';

export interface Failure {
  readonly message: string;
  readonly advice?: string;
  readonly code?: string;
  /** Facts that come with it, such as how many tries are left. */
  readonly details?: ErrorView['details'];
}

export function describeFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const view = (error as { data?: { error?: ErrorView } } | null)?.data?.error;
  if (view) {
    return {
      message,
      code: view.code,
      details: view.details,
      ...(view.advice === undefined ? {} : { advice: view.advice }),
    };
  }
  return { message: firstIssue(message) ?? message };
}

/** Validation of the API's input answers with a JSON list of issues: the first one's words say enough. */
function firstIssue(message: string): string | undefined {
  if (!message.startsWith('[')) return undefined;
  try {
    const issues: unknown = JSON.parse(message);
    const first: unknown = Array.isArray(issues) ? issues[0] : undefined;
    return typeof first === 'object' && first !== null && 'message' in first ? String(first.message) : undefined;
  } catch {
    return undefined;
  }
}
