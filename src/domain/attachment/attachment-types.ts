/** How the bytes of a type show that they are of it. */
export type Proof = 'SIGNATURE' | 'TEXT' | 'OFFICE' | 'OPEN_DOCUMENT';

export interface AttachmentType {
  readonly contentType: string;
  readonly extensions: readonly string[];
  readonly proof: Proof;
}

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument';

/**
 * All that is taken: pictures that cannot carry a script, documents, plain text and archives. Nothing of it is ever shown
 * by this server, but a person opens what they have downloaded by its name: so the name has to tell the type.
 */
export const ATTACHMENT_TYPES: readonly AttachmentType[] = [
  { contentType: 'image/png', extensions: ['png'], proof: 'SIGNATURE' },
  { contentType: 'image/jpeg', extensions: ['jpg', 'jpeg'], proof: 'SIGNATURE' },
  { contentType: 'image/gif', extensions: ['gif'], proof: 'SIGNATURE' },
  { contentType: 'image/webp', extensions: ['webp'], proof: 'SIGNATURE' },
  { contentType: 'image/heif', extensions: ['heic', 'heif'], proof: 'SIGNATURE' },
  { contentType: 'application/pdf', extensions: ['pdf'], proof: 'SIGNATURE' },
  { contentType: 'application/zip', extensions: ['zip'], proof: 'SIGNATURE' },
  { contentType: 'text/plain', extensions: ['txt', 'log', 'md'], proof: 'TEXT' },
  { contentType: 'text/csv', extensions: ['csv'], proof: 'TEXT' },
  { contentType: `${OFFICE}.wordprocessingml.document`, extensions: ['docx'], proof: 'OFFICE' },
  { contentType: `${OFFICE}.spreadsheetml.sheet`, extensions: ['xlsx'], proof: 'OFFICE' },
  { contentType: `${OFFICE}.presentationml.presentation`, extensions: ['pptx'], proof: 'OFFICE' },
  { contentType: `${OPEN_DOCUMENT}.text`, extensions: ['odt'], proof: 'OPEN_DOCUMENT' },
  { contentType: `${OPEN_DOCUMENT}.spreadsheet`, extensions: ['ods'], proof: 'OPEN_DOCUMENT' },
  { contentType: `${OPEN_DOCUMENT}.presentation`, extensions: ['odp'], proof: 'OPEN_DOCUMENT' },
];

/** What browsers and cameras call types that we call otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/heic': 'image/heif',
  'application/x-zip-compressed': 'application/zip',
  'text/markdown': 'text/plain',
  // Windows with a spreadsheet installed.
  'application/vnd.ms-excel': 'text/csv',
};

/** The type that a file of this name has to have; null: none that is taken. */
export function typeOfName(fileName: string): AttachmentType | null {
  const extension = /\.([A-Za-z0-9]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return ATTACHMENT_TYPES.find(({ extensions }) => extensions.includes(extension)) ?? null;
}

/** Whether somebody who declares this content type may mean that type. Blank and "some bytes" declare nothing. */
export function mayMean(declared: string, { contentType }: AttachmentType): boolean {
  const bare = (declared.split(';')[0] ?? '').trim().toLowerCase();
  return bare === '' || bare === 'application/octet-stream' || (ALIASES[bare] ?? bare) === contentType;
}

/** The type that is called so; null for what is not taken. */
export function typeCalled(contentType: string): AttachmentType | null {
  return ATTACHMENT_TYPES.find((type) => type.contentType === contentType) ?? null;
}
