/** All rows: normative sentences of Protocol, Representation Protocol, Security and Tree and Description, version 1.2.1. */
import type { Requirement } from './requirement.ts';
import { PROTOCOL } from './requirements/protocol.ts';
import { REPPRO } from './requirements/reppro.ts';
import { SECURITY } from './requirements/security.ts';
import { TND } from './requirements/tnd.ts';

export const REQUIREMENTS: readonly Requirement[] = [...PROTOCOL, ...REPPRO, ...SECURITY, ...TND];
