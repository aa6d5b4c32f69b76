import type { DataSource } from 'typeorm';
import { loadCatalogue } from '../../src/delivery/mail/catalogue';
import type { MailTransport } from '../../src/delivery/mail/mail-transport';
import { createWorkspaceMail, type WorkspaceMail } from '../../src/delivery/mail/workspace-mail';
import { generateVapidKeys } from '../../src/delivery/push/push-keys';
import { createPushSender } from '../../src/delivery/push/push-sender';
import { createMailTokens } from '../../src/identity/mail-tokens';
import { createTurnOffTokens } from '../../src/identity/turn-off-tokens';
import { createMailServers } from '../../src/outgoing/mail-servers';
import { createOutgoing } from '../../src/outgoing/outgoing';
import type { DeliveryDependencies } from '../../src/workers/process-delivery';
import { ProviderSlots } from '../../src/workers/provider-slots';

export function createBenchWorkspaceMail(): WorkspaceMail {
  return createWorkspaceMail({
    ...{ servers: createMailServers({ allowLoopback: true }), log: () => undefined, perWorkspace: 4 },
    // The next test mends what this one broke.
    restMs: 0,
  });
}

/** Everything that sends, for a bench on loopback; its log and its queue are the bench's own. */
export function deliveryParts(
  source: DataSource,
  { mail, workspaceMail }: { readonly mail: MailTransport; readonly workspaceMail: WorkspaceMail },
): Omit<DeliveryDependencies, 'log' | 'queues'> {
  return {
    ...{ source, mail, workspaceMail },
    openSecret: (stored) => stored.replace(/^sealed /, ''),
    push: createPushSender({
      vapid: { ...generateVapidKeys(), subject: 'mailto:ops@example.com' },
      outgoing: createOutgoing({ allowLoopback: true }),
    }),
    slots: new ProviderSlots({ concurrency: 64 }),
    random: () => 0,
    mailFrom: 'no-reply@baton.example',
    mailTokens: createMailTokens('test'),
    turnOffUrl: (person) => `https://chat.example/mail/turn-off/${createTurnOffTokens('test').of(person)}`,
    catalogue: loadCatalogue({ directory: null, log: () => undefined }),
    serverBrand: { dashboardUrl: 'https://dashboard.example' },
  };
}
