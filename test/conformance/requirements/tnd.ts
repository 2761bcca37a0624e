/** Normative sentences of OMA-TS-DM_TND-V1_2_1, in the order of its text; a sentence that binds both ends has two rows. */
import type { Requirement } from '../requirement.ts';
import { client, server } from './rows.ts';

const WHOLE_ACL = 'no part of this server changes an ACL by itself: people give the whole new value';

/** A sentence that binds who writes a device description: our own obey it, and the reader tells where others do not. */
const description = client;

export const TND: readonly Requirement[] = [
  // §5 The management tree
  client('TND-5-1', 'there is a management tree'),
  server('TND-5-2', 'nodes are addressed with relative URIs'),
  client('TND-5-3', 'nodes are addressed with relative URIs; an absolute one is refused'),
  server('TND-5-4', 'URIs begin at the root'),
  client('TND-5-5', 'URIs are read from the root, with ./ before them or not'),
  client('TND-5-6', 'names of added nodes keep their case'),
  server('TND-5-7', 'names of nodes that it learns keep their case'),
  server('TND-5-8', 'URIs travel as UTF-8'),
  client('TND-5-9', 'URIs travel as UTF-8'),
  server('TND-5-10', 'URIs do not end with /'),
  client('TND-5-11', 'URIs do not end with /; a URI with one is refused'),
  server('TND-5-12', 'the root is written . and not ./'),
  client('TND-5-13', 'the root is written . and not ./'),
  server('TND-5-14', 'no ../ in URIs'),
  client('TND-5-15', 'a URI with ../ is refused'),
  server('TND-5-16', 'no ./ but at the beginning of URIs'),
  client('TND-5-17', 'a URI with ./ after its beginning is refused'),

  // §6.1 Common characteristics of nodes
  client('TND-6.1-1', 'each node has a URI of its own'),
  // §6.2 Details of the management tree
  client('TND-6.2-1', 'a leaf has a value, if an empty one, and a Get returns it'),
  client('TND-6.2-2', 'the parent of a new node is an interior node'),
  // §6.2.1 Addressing values
  client('TND-6.2.1-1', 'relative URIs have the root as their base'),
  client('TND-6.2.1-2', 'a command with a valid URI and sufficient rights is executed'),
  client('TND-6.2.1-3', 'a command is answered with the status that fits'),
  client('TND-6.2.1-4', 'a value asked for is part of the answer'),
  // §6.2.2 Addressing child lists
  client('TND-6.2.2-1', 'no name of a node has / in it'),
  client('TND-6.2.2-2', 'a Get of an interior node without children is answered with an empty list and 200'),
  // §6.2.3 Permanent and dynamic nodes
  client('TND-6.2.3-1', 'children are deleted with their parent'),
  // §6.2.4 Adding dynamic nodes
  client('TND-6.2.4-1', 'a node that is there cannot be added'),
  client('TND-6.2.4-2', 'a node added is named by the last segment of its URI'),
  client('TND-6.2.4-3', 'limits on the length of URIs stand in DevDetail'),
  server('TND-6.2.4-4', 'an Add of an interior node says so with its format'),

  // §7.1 Properties of nodes
  client('TND-7.1-1', 'no new property can be made'),
  // §7.2 Supported properties: all of them for servers
  server('TND-7.2-1', 'ACL is supported'),
  server('TND-7.2-2', 'Format is supported'),
  server('TND-7.2-3', 'Name is supported'),
  server('TND-7.2-4', 'Size is supported'),
  server('TND-7.2-5', 'Title is supported'),
  server('TND-7.2-6', 'TStamp is supported'),
  server('TND-7.2-7', 'Type is supported'),
  server('TND-7.2-8', 'VerNo is supported'),
  client('TND-7.2-9', 'ACL is supported'),
  client('TND-7.2-10', 'Format is supported'),
  client('TND-7.2-11', 'Name is supported'),
  client('TND-7.2-12', 'interior nodes have no Size'),
  client('TND-7.2-13', 'Type is supported'),
  // §7.4 Property values
  server('TND-7.4-1', 'values of properties travel as UTF-8 text'),
  client('TND-7.4-2', 'values of properties travel as UTF-8 text'),
  client('TND-7.4-3', 'numbers travel as decimal text'),
  // §7.5 Operations on properties
  client('TND-7.5-1', 'a new node has all properties of its kind'),
  client('TND-7.5-2', 'properties with a default or kept by the device have a fitting value from the start'),
  client('TND-7.5-3', 'TStamp and VerNo change too where the device itself changes a property'),
  // §7.5.1 Properties of permanent nodes
  client('TND-7.5.1-1', 'the name of a permanent node stays'),
  client('TND-7.5.1-2', 'an attempt to rename a permanent node fails'),
  // §7.6 Scope of properties
  client('TND-7.6-1', 'no property but ACL is inherited'),
  // §7.7.1.1 ACL and inheritance
  client('TND-7.7.1.1-1', 'every node has an ACL property'),
  client('TND-7.7.1.1-2', 'the root has an ACL, always'),
  client('TND-7.7.1.1-3', 'a node without an ACL is judged by its parent’s'),
  client('TND-7.7.1.1-4', 'and that one by its parent’s, until an ACL is found'),
  client('TND-7.7.1.1-5', 'the search ends at the root with an ACL'),
  client('TND-7.7.1.1-6', 'ACLs of a node and its ancestors are not joined'),
  client('TND-7.7.1.1-7', 'an ACL names no command without a server'),
  client('TND-7.7.1.1-8', 'a Get of an ACL without a value returns empty data'),
  // §7.7.1.2 The root ACL
  client('TND-7.7.1.2-1', 'the ACL of the root cannot be emptied'),
  // §7.7.1.3 Changing the ACL
  client('TND-7.7.1.3-1', 'rights on the parent give none on the child’s value before its ACL was changed'),
  client(
    'TND-7.7.1.3-2',
    'a server without Replace on the parent gets Add, Delete and Replace on its new interior node',
  ),
  server('TND-7.7.1.3-3', 'to keep the entries of an ACL it reads it, changes it and replaces it', WHOLE_ACL),
  // §7.7.1.4 Deletion of a server identifier
  client('TND-7.7.1.4-1', 'all ACLs are searched for a server that is removed'),
  client('TND-7.7.1.4-2', 'a server that is removed is taken out of every ACL'),
  client('TND-7.7.1.4-3', 'a command of the root ACL left without servers goes to all'),
  // §7.7.1.5 ACL syntax
  server('TND-7.7.1.5-1', 'ACLs obey the grammar'),
  client('TND-7.7.1.5-2', 'ACLs obey the grammar; one that does not is refused'),
  // §7.7.2 Format
  server('TND-7.7.2-1', 'a command that sets a value says its format'),
  client('TND-7.7.2-2', 'the format of interior nodes is node'),
  server('TND-7.7.2-3', 'binary data over XML is sent as b64'),
  client('TND-7.7.2-4', 'binary data over XML is sent as b64'),
  client('TND-7.7.2-5', 'binary data received as b64 has the property Format bin'),
  server('TND-7.7.2-6', 'binary data over WBXML is sent as bin where it is not base64'),
  client('TND-7.7.2-7', 'binary data over WBXML is sent as bin where it is not base64'),
  server('TND-7.7.2-8', 'base64 text over WBXML is sent as b64'),
  client('TND-7.7.2-9', 'base64 text over WBXML is sent as b64'),
  client('TND-7.7.2-10', 'the property Format of binary data is bin, however it travelled'),
  // §7.7.3 Name
  client('TND-7.7.3-1', 'Name of a new node is the last segment of the Target'),
  client('TND-7.7.3-2', 'a new name that a sibling has is refused before anything changes'),
  // §7.7.4 Size
  client('TND-7.7.4-1', 'Size is the length of the value in bytes'),
  client('TND-7.7.4-2', 'Size of binary data counts its bytes, not its base64 text'),
  // §7.7.7.1 Type of leaves
  server('TND-7.7.7.1-1', 'a command that sets a value says its type'),
  server('TND-7.7.7.1-2', 'a command that changes a value says its MIME type'),
  // §7.7.7.2 Type of interior nodes
  client('TND-7.7.7.2-1', 'Type of an interior node is empty or a management object identifier'),
  client(
    'TND-7.7.7.2-2',
    'identifiers of one owner differ',
    'binds who names a management object, no end of a session',
  ),
  server('TND-7.7.7.2-3', 'of two descriptions that differ the nearer one counts'),
  // §7.7.8 VerNo
  client('TND-7.7.8-1', 'VerNo grows by one at each change of the value'),
  client('TND-7.7.8-2', 'VerNo goes from FFFF to 0000'),

  // §8.2 Response with a part of the tree
  client('TND-8.2-1', 'Struct: Meta says type and format where they are not the defaults'),
  client('TND-8.2-2', 'Struct: Source has the URI of the node'),
  client('TND-8.2-3', 'StructData: Meta says type and format where they are not the defaults'),
  client('TND-8.2-4', 'StructData: Source has the URI of the node'),
  client('TND-8.2-5', 'StructData: Data has the value of a leaf'),
  client('TND-8.2-6', 'TNDS: Meta says type and format of the object'),
  client('TND-8.2-7', 'TNDS: Source has the URI of the node it starts at'),
  client('TND-8.2-8', 'TNDS: a property that is not supported is answered with 406'),

  // §9.2 Device description framework
  description('TND-9.2-1', 'a maker makes its descriptions available to servers'),
  description('TND-9.3-1', 'namespaces are declared on the first element that is in them'),
  description('TND-9.4.1.1-1', 'MgmtTree is the root element'),
  description('TND-9.4.1.2-1', 'VerDTD is 1.2'),
  description('TND-9.4.1.2-2', 'MgmtTree has VerDTD'),
  description('TND-9.4.1.5-1', 'a Node with a Value has no Node below it'),
  description('TND-9.4.1.5-2', 'Path of a continuation is a full URI'),
  description('TND-9.4.1.6-1', 'a node without a name in the description gets one when it is created'),
  description('TND-9.4.1.7-1', 'without Path the URI is made of the names and paths above'),
  description('TND-9.4.1.7-2', 'names and paths make the right URI'),
  description('TND-9.4.1.9-1', 'without RTProperties only the mandatory properties are supported'),
  description('TND-9.4.1.9-2', 'optional properties that are supported stand in RTProperties'),
  description('TND-9.4.1.10-1', 'a Node has DFProperties'),
  description('TND-9.4.2-1', 'RTProperties has all mandatory properties'),
  description('TND-9.4.2.1-1', 'a default ACL obeys the grammar'),
  description('TND-9.4.2.2-1', 'Format of a default value is the right one'),
  description('TND-9.4.2.4-1', 'no Size for interior nodes'),
  description('TND-9.4.2.4-2', 'a default Size is written as property values are'),
  description('TND-9.4.2.5-1', 'a default Title is written as property values are'),
  description('TND-9.4.2.6-1', 'a default TStamp is written as property values are'),
  description('TND-9.4.2.7-1', 'Type of a default value is the right MIME type'),
  description('TND-9.4.2.7-2', 'Type of an interior node is a DDFName, if an empty one'),
  description('TND-9.4.2.8-1', 'a default VerNo is written as property values are'),
  description('TND-9.4.2.14-1', 'the format node is for interior nodes only'),
  description('TND-9.4.2.20-1', 'MIME has valid MIME types only'),
  description('TND-9.4.2.21-1', 'DDFName is a management object identifier or empty'),
  client('TND-9.4.3-1', 'what the description allows on a node does not change at run time'),
  description('TND-9.4.3-2', 'AccessType is there'),
  description('TND-9.4.3-3', 'DFFormat is there'),
  description('TND-9.4.3-4', 'DFType is there'),
  description('TND-9.4.3.1-1', 'AccessType lists valid commands'),
  description('TND-9.4.3.2-1', 'a DefaultValue has the MIME type of DFType'),
  description('TND-9.4.3.4-1', 'DFFormat of interior nodes is node'),
  description('TND-9.4.3.8-1', 'DFType of an interior node is one identifier, if an empty one'),
  description('TND-9.4.3.8-2', 'DFType of a leaf has registered MIME types'),
  description('TND-9.4.3.18-1', 'N of ZeroOrN is a number from 2 to 65536'),
  description('TND-9.4.3.19-1', 'OneOrMore: at least one'),
  description('TND-9.4.3.20-1', 'OneOrN: at least one'),
  description('TND-9.4.3.20-2', 'N of OneOrN is a number from 2 to 65536'),
  description('TND-9.4.3.23-1', 'CaseSense has CS or CIS only'),
  description('TND-9.4.3.24-1', 'CS: names of children are told apart by case'),
  description('TND-9.4.3.24-2', 'CIS: names of children are not told apart by case'),
];
