/** All kinds of fuzzing, in the order in which they are done. */
import type { Campaign } from './campaign.ts';
import { campaign as documents } from './documents/campaign.ts';
import { campaign as mutations } from './mutations/campaign.ts';
import { campaign as sessions } from './sessions/campaign.ts';

export const CAMPAIGNS: readonly Campaign[] = [documents, mutations, sessions];
