/** Before there is a plan: what is on the card, and where to go from there. */
import type { CardSheetView, ReaderView } from '../../../src-core/workbench/views.ts';
import { formatBytes } from '../../components/format.ts';
import type { CardReading } from './use-card-sheet.ts';

export function OnCard({ reader, sheet: { sheet } }: { reader: ReaderView; sheet: CardReading }) {
  if (!sheet) {
    const [title, advice] = WITHOUT_SHEET[reader.state];
    return (
      <div className="empty">
        <h2>{title}</h2>
        {advice && <p>{advice}</p>}
      </div>
    );
  }
  return (
    <>
      <p className="note flat">
        {carried(sheet)}{' '}
        {!sheet.pin1.needed && (
          <>
            Choose a profile and press <b>Plan</b>: it shows byte for byte what would be written, and writes nothing. A
            CP profile, XML or WBXML, can be dropped here.
          </>
        )}
      </p>
      <table aria-label="Files on the card">
        <thead>
          <tr>
            <th>File</th>
            <th>What it is</th>
            <th className="num">used</th>
            <th className="num">size</th>
          </tr>
        </thead>
        <tbody>
          {sheet.files.map(file => (
            <tr key={file.path}>
              <td className="mono">{file.path}</td>
              <td>{file.what}</td>
              <td className="num mono">{formatBytes(file.used)}</td>
              <td className="num mono">{formatBytes(file.size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const WITHOUT_SHEET: Readonly<Record<ReaderView['state'], readonly [title: string, advice?: string]>> = {
  present: ['Reading the card…'],
  empty: [
    'No card in this reader',
    'Insert a card: it is read at once, and nothing is written before you approve a plan.',
  ],
  mute: [
    'The card does not answer',
    'Take it out, turn it over or clean its contacts, and put it in again. Another card in the same reader tells which of the two is at fault.',
  ],
  unavailable: [
    'The reader cannot be used',
    'Another program may hold it: end that program, or plug the reader in anew.',
  ],
};

function carried({ bootstrap, provisioning, pin1 }: CardSheetView): string {
  if (pin1.needed && !bootstrap && !provisioning)
    return 'What the card carries is read after PIN1: unlock it first, then plan.';
  const dm = bootstrap
    ? `The card carries a DM bootstrap of ${bootstrap.serverId}, ${bootstrap.serverUrl} (${formatBytes(bootstrap.bytes)}). ${bootstrap.detail}`
    : 'The card carries no DM bootstrap yet.';
  return provisioning ? `${dm} It carries a CP bootstrap (${formatBytes(provisioning.bytes)}).` : dm;
}
