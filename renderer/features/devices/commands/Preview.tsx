/** Exactly what goes out, as the core writes it, and what speaks against it. */
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import type { CommandInput, CommandProblemView } from '../../../../src-core/workbench/work-views.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { XmlView } from '../../../components/Documents.tsx';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { formatBytes } from '../../../components/format.ts';
import { whenSent } from '../sending.ts';
import { hideSecrets } from './hide-secrets.ts';
import { usePreview } from './use-preview.ts';

interface PreviewProps {
  readonly device: DeviceView;
  /** Undefined while what was typed makes no command: the one before stays, dimmed. */
  readonly drafts: readonly CommandInput[] | undefined;
  /** More Gets follow this one, for all that is below. */
  readonly subtree?: boolean;
}

export function Preview({ device, drafts, subtree = false }: PreviewProps) {
  const { data: preview, stale, failure } = usePreview(device.id, drafts);
  const xml = preview && hideSecrets(preview.xml, drafts ?? []);
  return (
    <figure className="preview" aria-label="Command as it will be sent">
      <FailureNote failure={failure} />
      {xml !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
        <div className={stale ? 'preview-xml stale' : 'preview-xml'} tabIndex={0}>
          <XmlView xml={xml} />
        </div>
      )}
      {!stale && preview?.problems.map(problem => <Problem key={problem.text} problem={problem} />)}
      <figcaption className="preview-foot">
        <span>{subtree ? `this, then all below it; ${whenSent(device)}` : whenSent(device)}</span>
        {xml !== undefined && preview && (
          <span className="right buttons">
            <span className="muted">{formatBytes(preview.wbxmlBytes)}</span>
            <CopyButton what="command as XML" text={xml} />
            <CopyButton what="command as WBXML hex" text={preview.hex} />
          </span>
        )}
      </figcaption>
    </figure>
  );
}

function Problem({ problem: { text, advice, severity } }: { problem: CommandProblemView }) {
  return (
    <p className={severity === 'note' ? 'problem' : `problem ${severity}`}>
      {text}
      {advice && <span className="dim">. {advice}</span>}
    </p>
  );
}
