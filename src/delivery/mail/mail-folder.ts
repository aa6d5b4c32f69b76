import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { MailDeferred } from './mail-errors';
import { toMailMessage } from './mail-message';
import type { MailLog, MailTransport } from './mail-transport';
import { checkMail } from './outgoing-mail';

export interface MailFolderOptions {
  mailDirectory: string;
  log: MailLog;
}

/** Writes each mail as an .eml file instead of sending it: for a machine without an SMTP server. */
export function createMailFolder({ mailDirectory, log }: MailFolderOptions): MailTransport {
  const composer = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      const checked = checkMail(mail);
      const { message } = await composer.sendMail(toMailMessage(checked));
      if (!Buffer.isBuffer(message)) throw new Error('The composer was asked for a buffer and gave a stream.');
      const name = mailFileName(checked.messageId);
      const file = join(mailDirectory, name);
      await writeAtomically(mailDirectory, file, message);
      log({ messageId: checked.messageId, file }, 'mail written to a file');
      // The name alone: deliveries are shown through the API, and where the folder lies is nobody's business there.
      return { detail: `written to ${name}` };
    },
    async close() {
      composer.close();
    },
  };
}

/** Names the file after the Message-ID, so a mail sent again replaces its first copy. */
export function mailFileName(messageId: string): string {
  const id = messageId.replace(/^<|>$/g, '');
  if (/^[A-Za-z0-9_][A-Za-z0-9._@-]{0,150}$/.test(id)) return `${id}.eml`;
  return `${createHash('sha256').update(id).digest('hex')}.eml`;
}

/** A reader of the folder sees a whole mail or none. Only the owner may read it: it holds what a visitor wrote. */
async function writeAtomically(directory: string, file: string, content: Buffer): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await replaceFile(join(directory, `.${randomUUID()}.tmp`), file, content);
  } catch (error) {
    throw new MailDeferred('The mail could not be written to the mail folder.', { cause: error });
  }
}

async function replaceFile(temporary: string, file: string, content: Buffer): Promise<void> {
  try {
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
