import { type MailSink, startMailSink } from './mail-sink';
import { type PushSink, startPushSink } from './push-sink';

/** Where everything that leaves the server ends. */
export interface Sinks {
  readonly mails: MailSink;
  readonly pushes: PushSink;
}

export async function startSinks(): Promise<Sinks> {
  const [mails, pushes] = await Promise.all([startMailSink(), startPushSink()]);
  return { mails, pushes };
}

export async function stopSinks({ mails, pushes }: Sinks): Promise<void> {
  await Promise.all([mails.stop(), pushes.stop()]);
}
