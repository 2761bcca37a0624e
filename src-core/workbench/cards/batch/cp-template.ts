/** A client provisioning document (OMA-WAP-TS-ProvCont) whose parameters have placeholders: filled in for each card. Pure. */
import { EncodingError } from '../../../base/errors.ts';
import { type CpFact, cpDocument, cpFacts, readCpDocument } from '../../../bootstrap/cp-document.ts';
import { childElements, type MarkupAttribute, type MarkupElement } from '../../../encoding/markup.ts';
import { PROV_1_0 } from '../../../encoding/wbxml/types/prov.ts';
import { writeWbxml } from '../../../encoding/wbxml/writer.ts';
import { fillIn, hasStrayBraces, placeholdersIn } from './placeholders.ts';
import { SECRET_VARIABLES } from './template.ts';

/** By column; `iccid` among them. */
export type TemplateValues = Readonly<Record<string, string>>;

/** A parameter that names a column. */
export interface ColumnUse {
  /** `NAP-ADDRESS`. */
  readonly parm: string;
  /** In small letters. */
  readonly column: string;
  /** The parameter is not to be shown. */
  readonly secret: boolean;
}

export class CpTemplate {
  /** Not of the ICCID. */
  readonly uses: readonly ColumnUse[];
  /** Columns that nobody sees again: in one parameter at least they are a secret. */
  readonly secretColumns: ReadonlySet<string>;
  readonly #wbxml: Uint8Array;
  readonly #root: MarkupElement;
  readonly #facts: readonly CpFact[];

  /** @param bytes XML or WBXML. @throws EncodingError for what is no such document, or has braces that are no placeholder. */
  constructor(bytes: Uint8Array) {
    this.#wbxml = cpDocument(bytes);
    this.#root = readCpDocument(this.#wbxml);
    checkBraces(this.#root);
    this.#facts = cpFacts(this.#root);
    this.uses = this.#facts.flatMap(usesOf);
    const isSecret = ({ column, secret }: ColumnUse) => secret || (SECRET_VARIABLES as ReadonlySet<string>).has(column);
    this.secretColumns = new Set(this.uses.filter(isSecret).map(({ column }) => column));
  }

  /** As the card holds it. Without a placeholder it stays byte for byte what it is. */
  document(values: TemplateValues): Uint8Array {
    const isPlain = this.#facts.every(({ value }) => placeholdersIn(value).length === 0);
    return isPlain ? this.#wbxml : writeWbxml(this.#filled(values), PROV_1_0);
  }

  /** Every line of the document for this card; also secret where a column of a secret is in it. */
  facts(values: TemplateValues): CpFact[] {
    return cpFacts(this.#filled(values)).map((fact, i) => {
      const columns = placeholdersIn(this.#facts[i]?.value ?? '');
      return { ...fact, secret: fact.secret || columns.some(column => this.secretColumns.has(column)) };
    });
  }

  #filled(values: TemplateValues): MarkupElement {
    return filled(this.#root, name => values[name] ?? '');
  }
}

function usesOf({ name, value, secret }: CpFact): ColumnUse[] {
  const columns = placeholdersIn(value).filter(column => column !== 'iccid');
  return columns.map(column => ({ parm: name.trim(), column, secret }));
}

function filled(element: MarkupElement, valueIn: (name: string) => string): MarkupElement {
  const { attributes, children } = element;
  return {
    ...element,
    ...(attributes && {
      attributes: attributes.map(one => (isValue(element, one) ? { ...one, value: fillIn(one.value, valueIn) } : one)),
    }),
    children: children.map(child => (child.kind === 'element' ? filled(child, valueIn) : child)),
  };
}

function isValue({ name }: MarkupElement, attribute: MarkupAttribute): boolean {
  return name === 'parm' && attribute.name === 'value';
}

function checkBraces(element: MarkupElement): void {
  for (const attribute of element.attributes ?? []) {
    const { value } = attribute;
    const where = `${attributeOf(element, 'name') || attributeOf(element, 'type') || element.name}, ${attribute.name}`;
    if (isValue(element, attribute) ? hasStrayBraces(value) : /\{\{|\}\}/.test(value))
      throw new EncodingError(
        'template-braces',
        `${where}: braces that are no placeholder`,
        element.range?.start ?? 0,
        {
          advice:
            'Placeholders such as {{iccid}} and {{apn}} stand in values of parameters; anywhere else there are no double braces',
        },
      );
  }
  for (const child of childElements(element)) checkBraces(child);
}

function attributeOf({ attributes }: MarkupElement, name: string): string {
  return attributes?.find(candidate => candidate.name === name)?.value ?? '';
}
