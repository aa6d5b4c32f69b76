async function globalTeardown(): Promise<void> {
  await globalThis.batonTestServers?.stop();
}

// The form in which jest takes it; nothing else imports this file.
export = globalTeardown;
