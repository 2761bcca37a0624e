// Stands in for the PC/SC process: one reader with a card, which answers 9000 to all; what is said to it tells it to die.
// argv[2]: `lives`, `dies` (at once), `hangs` (starts, answers nothing).
const [mode] = process.argv.slice(2);
if (mode === 'dies') process.exit(7);
const readers = [{ name: `reader of ${process.pid}`, state: 'present', atr: Uint8Array.of(0x3b, 0x00) }];
const DIE = 0xde;

process.on('disconnect', () => process.exit());
process.on('message', ({ id, call }) => {
  if (mode === 'hangs') return;
  const answer = value => process.send({ kind: 'value', id, value });
  switch (call.method) {
    case 'readers':
      return answer(readers);
    case 'watch':
      answer(undefined);
      return process.send({ kind: 'readers', watch: call.watch, readers });
    case 'connect':
      return answer({ connection: 1, atr: readers[0].atr, extended: false });
    case 'transmit':
      if (call.apdu[0] === DIE) process.kill(process.pid, 'SIGKILL');
      return answer(Uint8Array.of(0x90, 0x00));
    default:
      return answer(undefined);
  }
});
