/** PKCS#15 on the card sheet: its directory, what lies in it, and who may do what with it. */
import type { CardSheetView } from '../../../src-core/workbench/views.ts';
import { formatBytes } from '../../components/format.ts';

export function SheetFiles({ sheet: { directory, files, objects = [] } }: { sheet: CardSheetView }) {
  return (
    <>
      {directory && <dt>DF</dt>}
      {directory && (
        <dd>
          PKCS#15 <span className="muted mono">{directory.path}</span>
          <Rules rules={directory.access} />
        </dd>
      )}
      {objects.length > 0 && <dt>Objects</dt>}
      {objects.length > 0 && (
        <dd className="stack">
          {objects.map(({ dodf, label, oid, name, path }) => (
            <div key={`${dodf} ${oid} ${path}`} title={`OID ${oid}, listed in EF(DODF) ${dodf}`}>
              {name ?? `OID ${oid}`} {label && <span className="muted">“{label}”</span>}{' '}
              <span className="muted whole">
                → <span className="mono">{path.slice(-4)}</span>
              </span>
            </div>
          ))}
        </dd>
      )}
      {files.length > 0 && <dt>Files</dt>}
      {files.length > 0 && (
        <dd className="stack">
          {files.map(file => (
            <div key={file.path} title={file.access ? undefined : 'The card does not say who may do what'}>
              {file.what}{' '}
              <span className="muted whole">
                <span className="mono">{file.path.slice(-4)}</span> · {file.used} of {formatBytes(file.size)}
              </span>
              <span className="muted parameters">{file.words}</span>
              {file.access && <Rules rules={file.access} />}
            </div>
          ))}
        </dd>
      )}
    </>
  );
}

/** `READ: always; UPDATE: ADM1`, a rule a line. */
function Rules({ rules }: { rules: string }) {
  return (
    <span className="muted rules">
      {rules.split('; ').map(rule => (
        <span key={rule}>{rule}</span>
      ))}
    </span>
  );
}
