const WINDOW_MS = 500;

/**
 * Under `npm start` one Ctrl-C arrives twice: from the terminal, and again from npm, which passes its own on. The program below must
 * see one, because it may take a second one to mean "at once". Node reads `process.emit` when a handler is added, so this comes first.
 */
export function deliverSignalsOnce() {
  const emit = process.emit;
  const last = new Map();
  process.emit = function emitOnce(event, ...parameters) {
    if (event === 'SIGINT' || event === 'SIGTERM') {
      const now = performance.now();
      if (now - (last.get(event) ?? -Infinity) < WINDOW_MS) return true;
      last.set(event, now);
    }
    return Reflect.apply(emit, this, [event, ...parameters]);
  };
}
