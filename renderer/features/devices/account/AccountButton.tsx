/** The account that a device's sessions prove: a person frees it for another device, for a card that moved to another handset. */
import { ActionIcon, Button } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import './account.css';

export function AccountButton({ device }: { device: DeviceView }) {
  const [asking, setAsking] = useState(false);
  const { account } = device;
  if (account === undefined) return null;
  return (
    <>
      <ActionIcon
        aria-label="Account of the device"
        aria-haspopup="dialog"
        title={`Account ${account}: free it for another device`}
        onClick={() => setAsking(true)}
      >
        <KeyRound size={14} aria-hidden />
      </ActionIcon>
      {asking && <FreeAccount device={device} account={account} onClose={() => setAsking(false)} />}
    </>
  );
}

interface FreeAccountProps {
  readonly device: DeviceView;
  readonly account: string;
  readonly onClose: () => void;
}

function FreeAccount({ device, account, onClose }: FreeAccountProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const free = useAction(async api => {
    await api.devices.freeAccount.mutate({ deviceId: device.id });
    dialog.current?.close();
  });
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="account" aria-labelledby="free-account" onClose={onClose}>
      <h2 id="free-account">Free the account for another device?</h2>
      <p>
        <span className="mono">{account}</span> belongs to {device.name}, and no other device can use it. Freed, it
        belongs to the next device that proves its password: this one again, or the handset that its card was put into.
      </p>
      <p className="muted">A session that runs now goes on. Nothing on the card or in the device changes.</p>
      <FailureNote failure={free.failure} onClose={free.clear} />
      <div className="buttons">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" loading={free.busy} onClick={() => free.run()}>
          Free account
        </Button>
      </div>
    </dialog>
  );
}
