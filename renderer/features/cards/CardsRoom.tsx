/** Cards: a reader, the card in it, and the way read → plan → write → verify. Nothing is written without an approved plan. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type {
  CardsState,
  PlanView,
  ProvisionView,
  ReaderView,
  WorkbenchStatus,
} from '../../../src-core/workbench/views.ts';
import { type CardsRoute, formatRoute, navigate } from '../../app/routes.ts';
import { Divider, Panel, Panes, sideWidth } from '../../components/Splitter.tsx';
import { useFileDrop } from '../../components/use-file-drop.ts';
import { ApduTrace } from './ApduTrace.tsx';
import { BatchView } from './batch/BatchView.tsx';
import { CardActions } from './CardActions.tsx';
import { CardSheet } from './CardSheet.tsx';
import { Notices } from './Notices.tsx';
import { OnCard } from './OnCard.tsx';
import { Outcome } from './Outcome.tsx';
import { PlanSheet } from './PlanSheet.tsx';
import { ProfileBar } from './ProfileBar.tsx';
import { ReaderList } from './ReaderList.tsx';
import { Steps } from './Steps.tsx';
import { useCardSheet } from './use-card-sheet.ts';
import { useProfile } from './use-profile.ts';
import { WritePanel } from './WritePanel.tsx';
import './cards.css';

interface CardsRoomProps {
  /** Undefined while another room is in front. */
  readonly route: CardsRoute | undefined;
  readonly cards: CardsState | undefined;
  /** The card service of this machine; undefined until it is known. */
  readonly pcsc: WorkbenchStatus['pcsc'] | undefined;
}

export function CardsRoom({ route, cards, pcsc }: CardsRoomProps) {
  const { place, batch, closeBatch } = usePlace(route);
  const readers = cards?.readers ?? [];
  const reader = readers.find(r => r.name === place) ?? readers.find(r => r.state === 'present') ?? readers[0];
  return (
    <main aria-label="Cards room" hidden={route === undefined}>
      {batch ? (
        <BatchView chosen={batch.key} active={route !== undefined} onClose={() => closeBatch(reader?.name)} />
      ) : cards && reader ? (
        <Provision key={reader.name} cards={cards} reader={reader} active={route !== undefined} />
      ) : (
        <>
          <header className="room-head">
            <h1>Cards</h1>
            <Button className="right" onClick={openBatches}>
              Batch…
            </Button>
          </header>
          {cards && <NoReader pcsc={pcsc} />}
        </>
      )}
    </main>
  );
}

const openBatches = () => navigate({ room: 'batches' });

/** The room in front without a place keeps the one it had. */
function usePlace(route: CardsRoute | undefined) {
  const address = route && formatRoute(route);
  const [known, setKnown] = useState<string>();
  const [place, setPlace] = useState<string>();
  const [batch, setBatch] = useState<{ readonly key?: string }>();
  if (route && address !== known) {
    setKnown(address);
    if (route.room === 'batches') setBatch(route.key === undefined && batch ? batch : route);
    else if (route.reader !== undefined) {
      setPlace(route.reader);
      setBatch(undefined);
    }
  }
  const returned = batch !== undefined && route?.room === 'cards';
  useEffect(() => {
    if (returned) navigate({ ...batch, room: 'batches' }, 'replace');
  }, [returned, batch]);
  const closeBatch = (reader: string | undefined) => {
    setBatch(undefined);
    navigate(reader === undefined ? { room: 'cards' } : { room: 'cards', reader });
  };
  return { place, batch, closeBatch };
}

function NoReader({ pcsc }: { pcsc: CardsRoomProps['pcsc'] }) {
  const runs = pcsc === undefined || pcsc.state === 'running';
  return (
    <div className="panel">
      <div className="empty">
        <h2>{runs ? 'No reader yet' : NO_SERVICE[pcsc.state]}</h2>
        {runs ? (
          <p>Connect a PC/SC card reader: it appears here by itself.</p>
        ) : (
          <p>
            {pcsc.detail.replace(/\.?\s*$/, '.')}
            {pcsc.state === 'absent' && ' Readers appear here by themselves as soon as it runs.'}
          </p>
        )}
        <p className="muted">
          Without hardware: <a href="#/devices">Devices</a> → <b>Try it without hardware</b> brings a virtual card.
        </p>
      </div>
    </div>
  );
}

const NO_SERVICE = {
  absent: 'No card service',
  unbuilt: 'Card readers cannot be used',
} as const;

interface ProvisionProps {
  readonly cards: CardsState;
  readonly reader: ReaderView;
  readonly active: boolean;
}

function Provision({ cards, reader, active }: ProvisionProps) {
  const held = cards.provision[reader.name];
  const provision = held && belongsTo(held, reader) ? held : undefined;
  const [refused, setRefused] = useState(0);
  const sheet = useCardSheet({ reader, provision, active, refused });
  const [made, setMade] = useState<string>();
  const choice = useProfile(reader.name, cards.profiles);
  const working = provision?.stage === 'writing' || provision?.stage === 'verifying';
  const unready = working || reader.state !== 'present';
  // The card asks for something else first.
  const isHeldUp = sheet.sheet?.pin1.needed || reader.unfinished !== undefined;
  const [backupsOf, setBackupsOf] = useState<string>();
  const keep = (plan: PlanView | undefined) => {
    setMade(plan?.id);
    if (plan) setBackupsOf(undefined);
  };
  const planFile = async (file: File) => keep(await choice.planFile.run(file));
  const drop = useFileDrop(planFile);
  return (
    <>
      <header className="room-head">
        <h1>Provision card</h1>
        <span className="muted mono ellipsis">{reader.iccid}</span>
        <ProfileBar
          choice={choice}
          profiles={cards.profiles}
          isNext={(!provision || provision.stage === 'verified') && !isHeldUp}
          working={working}
          disabled={unready || choice.chosen === undefined}
          onPlan={async () => keep(await choice.plan.run())}
          onFile={planFile}
        />
        <CardActions
          reader={reader.name}
          iccid={reader.iccid}
          sheet={sheet.sheet}
          disabled={unready}
          onPlan={keep}
          onBackups={() => setBackupsOf(reader.iccid)}
        />
        <Button onClick={openBatches}>Batch…</Button>
      </header>
      <div className="room-body">
        <Panes name="cards">
          <Panel id="readers" defaultSize={sideWidth(280, 264)} minSize={180} groupResizeBehavior="preserve-pixel-size">
            <section className="panel" aria-label="Readers and card">
              <ReaderList readers={cards.readers} selected={reader.name} />
              <div className="scroll">
                <CardSheet reader={reader} sheet={sheet} provision={provision} />
              </div>
            </section>
          </Panel>
          <Divider label="Width of the reader list" />
          <Panel id="plan" minSize={300}>
            <section className={drop.over ? 'panel over' : 'panel'} aria-label="Plan" {...drop.handlers}>
              <Steps hasCard={sheet.sheet !== undefined} provision={provision} />
              <div className="scroll work">
                <Notices
                  reader={reader}
                  sheet={sheet.sheet}
                  provision={provision}
                  choice={choice}
                  disabled={unready}
                  onPlan={keep}
                  onPinRefused={() => setRefused(refused + 1)}
                  showsBackups={backupsOf !== undefined && backupsOf === reader.iccid}
                  onCloseBackups={() => setBackupsOf(undefined)}
                />
                <Outcome provision={provision} />
                {provision ? (
                  <PlanSheet plan={provision.plan} stage={provision.stage} />
                ) : (
                  <OnCard reader={reader} sheet={sheet} />
                )}
              </div>
            </section>
          </Panel>
          <Divider label="Width of the side panel" />
          <Panel id="write" defaultSize={sideWidth(328, 272)} minSize={240} groupResizeBehavior="preserve-pixel-size">
            <section className="panel" aria-label="Write">
              <WritePanel
                key={provision?.plan.id}
                provision={provision}
                reader={reader}
                keyIsNext={provision !== undefined && provision.plan.id === made}
              />
              <ApduTrace reader={reader.name} />
            </section>
          </Panel>
        </Panes>
      </div>
    </>
  );
}

/** A plan is for one card: another card in the reader makes it another's. A pulled card may come back to be resumed. */
function belongsTo(provision: ProvisionView, reader: ReaderView): boolean {
  return reader.iccid === undefined || provision.plan.iccid === reader.iccid;
}
