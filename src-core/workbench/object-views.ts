/** Standard management objects as the page sees them. */
import type { DevDetailView } from '../objects/devdetail-view.ts';
import type { DevInfoView } from '../objects/devinfo-view.ts';
import type { DmAccountView } from '../objects/dmacc-view.ts';
import type { FumoView } from '../objects/fumo-view.ts';
import type { InboxView } from '../objects/inbox-view.ts';

export type { CredentialView, DmAccountView, Hidden } from '../objects/dmacc-view.ts';
export type { FumoState } from '../objects/fumo.ts';
export type { FumoAlert, FumoView } from '../objects/fumo-view.ts';
export type { ObjectFact } from '../objects/object-view.ts';

export type ObjectView = DmAccountView | DevInfoView | DevDetailView | InboxView | FumoView;
