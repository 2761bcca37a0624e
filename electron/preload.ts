/** The only bridge into the page: where the core listens. Everything else goes over the core's API. */
import { contextBridge, ipcRenderer } from 'electron';
import { ENDPOINT_CHANNEL } from './channel.ts';

contextBridge.exposeInMainWorld('dmw', { endpoint: () => ipcRenderer.invoke(ENDPOINT_CHANNEL) });
