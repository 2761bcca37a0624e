/** HTML that cannot forget to escape: what is put into a template is text unless it is HTML itself. */

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = string | number | Html | undefined | readonly HtmlValue[];

export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.map((part, i) => part + textOf(values[i])).join(''));
}

function textOf(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(textOf).join('');
  return escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Also in quoted attributes. Characters that no HTML may have become the sign for what cannot be shown. */
function escapeHtml(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, sign => ENTITIES[sign] ?? sign)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what HTML does not have
      .replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '\ufffd')
  );
}
