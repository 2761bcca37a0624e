/** Normative sentences of OMA-TS-DM_RepPro-V1_2_1, in the order of its text; a sentence that binds both ends has two rows. */
import type { Requirement } from '../requirement.ts';
import { elementRows } from './reppro-elements.ts';
import { client, server } from './rows.ts';

export const REPPRO: readonly Requirement[] = [
  // §5 OMA DM usage
  client('REP-5-1', 'a message goes under one of the two media types of DM'),
  server('REP-5-2', 'a message goes under one of the two media types of DM'),
  client('REP-5-3', 'WBXML of any version 1.x is read'),
  server('REP-5-4', 'WBXML of any version 1.x is read'),
  client('REP-5-5', 'WBXML is written in version 1.1, 1.2 or 1.3'),
  server('REP-5-6', 'WBXML is written in version 1.1, 1.2 or 1.3'),

  // §6.1 Common use elements
  ...elementRows('6.1'),
  // §6.1.2 Chal
  server('REP-6.1.2-1', 'a challenge for MD5 names b64 as format of its nonce'),
  client('REP-6.1.2-2', 'a challenge for MD5 names b64 as format of its nonce'),
  server('REP-6.1.2-3', 'a challenge for HMAC names b64 as format of its nonce'),
  client('REP-6.1.2-4', 'a challenge for HMAC names b64 as format of its nonce'),
  // §6.1.6 Cred
  server('REP-6.1.6-1', 'credentials stand in the header, never in a command'),
  client('REP-6.1.6-2', 'credentials stand in the header, never in a command'),
  server('REP-6.1.6-3', 'MD5 credentials name b64 as their format'),
  client('REP-6.1.6-4', 'MD5 credentials name b64 as their format'),
  // §6.1.25 VerProto
  server('REP-6.1.25-1', 'a message of this version says DM/1.2'),
  client('REP-6.1.25-2', 'a message of this version says DM/1.2'),

  // §6.2 Message containers
  ...elementRows('6.2'),
  // §6.2.1 SyncML
  server('REP-6.2.1-1', 'the media type tells XML from WBXML'),
  client('REP-6.2.1-2', 'the media type tells XML from WBXML'),

  // §6.3 Data description
  ...elementRows('6.3'),
  // §6.3.1 Data
  server('REP-6.3.1-1', 'mark-up in Data is escaped or in CDATA'),
  client('REP-6.3.1-2', 'mark-up in Data is escaped or in CDATA'),
  // §6.3.2 Item
  server('REP-6.3.2-1', 'an Item for a node has Data unless its format is null'),
  client('REP-6.3.2-2', 'an Item about a node has Data unless its format is null'),

  // §6.4 Meta information
  ...elementRows('6.4'),

  // §6.5 Protocol management
  ...elementRows('6.5'),
  // §6.5.1 Status
  server('REP-6.5.1-1', 'Results that were taken get no Status'),
  server('REP-6.5.1-2', 'Results that were not taken get a Status'),
  server('REP-6.5.1-3', 'a large object under way goes on with Alert 1222'),
  client('REP-6.5.1-4', 'a large object under way goes on with Alert 1222'),

  // §6.6 Protocol commands
  ...elementRows('6.6'),
  // §6.6.1 Add
  client('REP-6.6.1-1', 'a node is added below an interior node that exists'),
  client('REP-6.6.1-2', 'the root exists and is an interior node'),
  client('REP-6.6.1-3', 'nodes added on the way to the target have no ACL of their own'),
  client('REP-6.6.1-4', 'nodes on the way get an ACL where the server has no Replace on the parent'),
  client('REP-6.6.1-5', 'an interior node gets Add, Delete and Replace for a server without Replace on the parent'),
  client('REP-6.6.1-6', 'an Item in the Status of a failed Add names the node that could not be added'),
  client('REP-6.6.1-7', 'without TNDS support a TNDS object is answered with 415'),
  client('REP-6.6.1-8', 'a TNDS object with a bad node fails with the status that the node alone would have'),
  client('REP-6.6.1-9', 'ACLs in a TNDS object obey the rules for ACLs'),
  server('REP-6.6.1-10', 'no Cred in an Add'),
  client('REP-6.6.1-11', 'a Cred in an Add proves nothing'),
  server('REP-6.6.1-12', 'an Add says what kind of node it makes'),
  server('REP-6.6.1-13', 'an Add has an Item'),
  client('REP-6.6.1-14', 'an Add without an Item is refused'),
  server('REP-6.6.1-15', 'the Target of an Add is a full URI'),
  client('REP-6.6.1-16', 'an Add without a full URI as Target is refused'),
  client('REP-6.6.1-17', 'every Add is answered with a status code of SyncML'),
  // §6.6.2 Alert
  server('REP-6.6.2-1', 'no Cred in an Alert'),
  client('REP-6.6.2-2', 'no Cred in an Alert'),
  server('REP-6.6.2-3', 'Data of an Alert is its code'),
  client('REP-6.6.2-4', 'Data of an Alert is its code'),
  client('REP-6.6.2-5', 'an Alert that answers an Exec later repeats its Correlator'),
  client('REP-6.6.2-6', 'each Item of an event says type and format of its data'),
  server('REP-6.6.2-7', 'an Alert whose data it can use is answered with 200'),
  server('REP-6.6.2-8', 'an Alert whose data it cannot use is answered with 406'),
  server('REP-6.6.2-9', 'every Alert is answered with a status code of SyncML'),
  client('REP-6.6.2-10', 'every Alert is answered with a status code of SyncML'),
  // §6.6.3 Atomic
  client('REP-6.6.3-1', 'commands of an Atomic are executed in their order'),
  client('REP-6.6.3-2', 'commands of an Atomic are executed all or none'),
  client('REP-6.6.3-3', 'an Atomic whose answers fit no message fails with 517 if it cannot be executed at once'),
  client('REP-6.6.3-4', 'commands of an Atomic executed before it failed are rolled back'),
  client('REP-6.6.3-5', 'the command that makes an Atomic fail is answered with its own status'),
  client('REP-6.6.3-6', 'every Atomic is answered with a status code of SyncML'),
  // §6.6.4 Copy
  client('REP-6.6.4-1', 'copy and original are independent afterwards'),
  server('REP-6.6.4-2', 'no Cred in a Copy'),
  client('REP-6.6.4-3', 'a Cred in a Copy proves nothing'),
  server('REP-6.6.4-4', 'a Copy has an Item'),
  client('REP-6.6.4-5', 'a Copy without an Item is refused'),
  server('REP-6.6.4-6', 'a Copy stands in Atomic, Sequence or the body'),
  client('REP-6.6.4-7', 'a Copy is executed in Atomic, Sequence and the body'),
  server('REP-6.6.4-8', 'Source and Target of a Copy are full URIs'),
  client('REP-6.6.4-9', 'a Copy without full URIs as Source and Target is refused'),
  client('REP-6.6.4-10', 'only leaves are copied, and only to leaves'),
  client('REP-6.6.4-11', 'a target that cannot take the value is answered with 403'),
  client('REP-6.6.4-12', 'every Copy is answered with a status code of SyncML'),
  // §6.6.5 Delete
  server('REP-6.6.5-1', 'no Cred in a Delete'),
  client('REP-6.6.5-2', 'a Cred in a Delete proves nothing'),
  server('REP-6.6.5-3', 'a Delete has an Item'),
  client('REP-6.6.5-4', 'a Delete without an Item is refused'),
  server('REP-6.6.5-5', 'the Target of a Delete is a full URI'),
  client('REP-6.6.5-6', 'a Delete without a full URI as Target is refused'),
  client('REP-6.6.5-7', 'every Delete is answered with a status code of SyncML'),
  // §6.6.6 Exec
  client('REP-6.6.6-1', 'an Exec is answered when it has been executed, before the commands after it'),
  server('REP-6.6.6-2', 'no Cred in an Exec'),
  client('REP-6.6.6-3', 'a Cred in an Exec proves nothing'),
  server('REP-6.6.6-4', 'an Exec has an Item'),
  client('REP-6.6.6-5', 'an Exec without an Item is refused'),
  server('REP-6.6.6-6', 'an Exec stands in Sequence or the body'),
  client('REP-6.6.6-7', 'an Exec in an Atomic is refused'),
  server('REP-6.6.6-8', 'the Target of an Exec is a full URI'),
  client('REP-6.6.6-9', 'an Exec without a full URI as Target is refused'),
  client('REP-6.6.6-10', 'every Exec is answered with a status code of SyncML'),
  // §6.6.7 Get
  client('REP-6.6.7-1', 'a Get of an interior node is answered with the names of its children'),
  server('REP-6.6.7-2', 'no Cred in a Get'),
  client('REP-6.6.7-3', 'a Cred in a Get proves nothing'),
  server('REP-6.6.7-4', 'a Get has an Item'),
  client('REP-6.6.7-5', 'a Get without an Item is refused'),
  server('REP-6.6.7-6', 'the Target of a Get is a full URI'),
  client('REP-6.6.7-7', 'a Get without a full URI as Target is refused'),
  client('REP-6.6.7-8', 'every Get is answered with a status code of SyncML'),
  // §6.6.11 Replace
  client('REP-6.6.11-1', 'a Replace of a node that is not there adds none'),
  client('REP-6.6.11-2', 'a TNDS object with a format it does not support replaces nothing'),
  client('REP-6.6.11-3', 'a TNDS object with a value that its node cannot have replaces nothing'),
  client('REP-6.6.11-4', 'a TNDS object replaces all that was below the target'),
  client('REP-6.6.11-5', 'nodes that are new in a TNDS object are added'),
  client('REP-6.6.11-6', 'nodes that a TNDS object does not have are deleted'),
  client('REP-6.6.11-7', 'ACLs in a TNDS object obey the rules for ACLs'),
  client('REP-6.6.11-8', 'without TNDS support a TNDS object is answered with 415'),
  client('REP-6.6.11-9', 'a TNDS object with a bad node fails with the status that the node alone would have'),
  client('REP-6.6.11-10', 'the tree is then as if all below had been deleted and each node added'),
  server('REP-6.6.11-11', 'no Cred in a Replace'),
  client('REP-6.6.11-12', 'a Cred in a Replace proves nothing'),
  server('REP-6.6.11-13', 'a Replace has an Item'),
  client('REP-6.6.11-14', 'a Replace without an Item is refused'),
  server('REP-6.6.11-15', 'the Target of a Replace is a full URI'),
  client('REP-6.6.11-16', 'a Replace without a full URI as Target is refused'),
  client('REP-6.6.11-17', 'every Replace is answered with a status code of SyncML'),
  // §6.6.12 Results
  client('REP-6.6.12-1', 'Results come after the Status of their command'),
  // §6.6.14 Sequence
  server('REP-6.6.14-1', 'a Sequence has a command in it'),
  client('REP-6.6.14-2', 'a Sequence without a command is refused'),
  client('REP-6.6.14-3', 'commands of a Sequence are executed in their order'),
  client('REP-6.6.14-4', 'commands of a Sequence that was broken off are answered with 215'),
  client('REP-6.6.14-5', 'a Sequence that was begun is answered with 200'),
  client('REP-6.6.14-6', 'every Sequence is answered with a status code of SyncML'),

  // §7 Alert codes
  client('REP-7-1', 'a person who does not confirm is reported as a rejection'),
  client('REP-7-2', 'what happened stands in the Data of an Item of Alert 1224'),
];
