/** The one question that the page may ask the shell, by the name that preload and main process share. */
export const ENDPOINT_CHANNEL = 'dmw:endpoint';
