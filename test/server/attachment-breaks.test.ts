import { decodePublicId } from '../../src/domain/public-id';
import { picture, put, text, told } from '../api/attachment-files';
import { eventually } from '../api/scene';
import { AttachmentStage, MB, raw, type Rude, sized } from './attachment-stage';

let stage: AttachmentStage;
beforeAll(async () => {
  stage = await AttachmentStage.start();
});
beforeEach(async () => {
  stage.visit = await stage.scene.visit();
});
afterEach(() => expect(stage.failures).toEqual([]));
afterAll(() => stage.stop());

describe('an upload that breaks', () => {
  it('in the middle is no fault of ours, and can be sent again', async () => {
    const file = picture(700_000);
    const { id, uploadUrl } = await stage.announced(file);
    const { tcp, closed } = raw(stage.at('hasty', uploadUrl), sized(file.bytes.length));
    tcp.write('\r\n');
    tcp.write(file.bytes.subarray(0, 600_000));
    await eventually(
      () => stage.held(id),
      ({ pieces }) => pieces === 2,
    );
    tcp.destroy();
    await closed;
    expect(await put(uploadUrl, file.bytes)).toMatchObject({ status: 200 });
    expect((await stage.storedOf(id)).equals(file.bytes)).toBe(true);
  });

  it('by falling silent is ended with 408, and can be sent again', async () => {
    const file = picture(700_000);
    const { id, uploadUrl } = await stage.announced(file);
    const { tcp, answer, closed } = raw(stage.at('hasty', uploadUrl), sized(file.bytes.length));
    tcp.write('\r\n');
    tcp.write(file.bytes.subarray(0, 300_000));
    await closed;
    expect(answer()).toMatch(/^HTTP\/1\.1 408 [^]*TOO_SLOW/);
    expect(await stage.held(id)).toMatchObject({ state: 'PENDING' });
    expect(await put(uploadUrl, file.bytes)).toMatchObject({ status: 200 });
  });

  it('a slow one that goes on is left in peace, though it takes longer than any other request may', async () => {
    const file = picture(10);
    const { id, uploadUrl } = await stage.announced(file);
    const { tcp, answer } = raw(stage.at('hasty', uploadUrl), sized(10));
    tcp.write('\r\n');
    for (const byte of file.bytes) {
      tcp.write(Buffer.from([byte]));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await eventually(
      async () => answer(),
      (said) => said.includes('UPLOADED'),
    );
    expect((await stage.storedOf(id)).equals(file.bytes)).toBe(true);
    tcp.destroy();
  });

  it('by a second one that begins is told so at its next piece; the last one wins, whole', async () => {
    const [first, second] = [picture(700_000), picture(700_000)];
    second.bytes.fill(7, 600_000);
    const { id, uploadUrl } = await stage.announced(first);
    const sendMost = async (file: typeof first, attempt: number): Promise<Rude> => {
      const rude = raw(uploadUrl, sized(file.bytes.length));
      rude.tcp.write('\r\n');
      rude.tcp.write(file.bytes.subarray(0, 600_000));
      await eventually(
        () => stage.held(id),
        (held) => held.attempt === attempt && held.pieces === 2,
      );
      return rude;
    };
    const one = await sendMost(first, 1);
    const other = await sendMost(second, 2);
    one.tcp.write(first.bytes.subarray(600_000));
    await eventually(
      async () => one.answer(),
      (said) => said.includes('SUPERSEDED'),
    );
    other.tcp.write(second.bytes.subarray(600_000));
    await eventually(
      async () => other.answer(),
      (said) => said.includes('UPLOADED'),
    );
    expect((await stage.storedOf(id)).equals(second.bytes)).toBe(true);
    for (const { tcp } of [one, other]) tcp.destroy();
  });

  it('by the erasure of its visitor leaves nothing', async () => {
    const file = picture(700_000);
    const { id, uploadUrl } = await stage.announced(file);
    const { tcp, answer } = raw(uploadUrl, sized(file.bytes.length));
    tcp.write('\r\n');
    tcp.write(file.bytes.subarray(0, 600_000));
    await eventually(
      () => stage.held(id),
      ({ pieces }) => pieces === 2,
    );
    await stage.visit.visitor.act('eraseVisitor', {});
    tcp.write(file.bytes.subarray(600_000));
    await eventually(
      async () => answer(),
      (said) => said.includes('SUPERSEDED'),
    );
    const [left] = await stage.scene.api.source.query<[{ n: number }]>(
      'select count(*)::int as n from attachment_pieces where attachment_id = $1',
      [decodePublicId('attachment', id)],
    );
    expect(left.n).toBe(0);
    tcp.destroy();
  });

  it('sixty-four at once are taken, the next one has to come again', async () => {
    const { id, uploadUrl } = await stage.announced(picture(MB));
    const busy = Array.from({ length: 64 }, () => raw(uploadUrl, sized(MB)));
    for (const { tcp } of busy) tcp.write('\r\n');
    await eventually(
      () => stage.held(id),
      ({ attempt }) => attempt === 64,
    );
    const refused = await put(uploadUrl, picture(MB).bytes);
    expect(refused).toMatchObject({ status: 503, code: 'OVERLOADED' });
    for (const { tcp } of busy) tcp.destroy();
    const other = await stage.announced(picture());
    await eventually(
      () => put(other.uploadUrl, picture().bytes),
      ({ status }) => status === 200,
    );
  });
});

describe('a large file', () => {
  const file = picture(40 * MB);

  it('is stored while it comes, and read as slowly as its reader is: nobody holds all of it', async () => {
    const { id, uploadUrl } = await stage.announced(file);
    const { tcp, answer } = raw(uploadUrl, sized(file.bytes.length));
    tcp.write('\r\n');
    tcp.write(file.bytes.subarray(0, 20 * MB));
    await eventually(
      () => stage.held(id),
      ({ bytes }) => bytes === 20 * MB,
    );
    tcp.write(file.bytes.subarray(20 * MB));
    await eventually(
      async () => answer(),
      (said) => said.includes('UPLOADED'),
    );
    tcp.destroy();

    const url = await stage.addressOf(id);
    stage.piecesRead = 0;
    const reader = raw(stage.at('hasty', url), 'GET * HTTP/1.1');
    reader.tcp.pause();
    reader.tcp.write('\r\n');
    await eventually(
      () => stage.openConnections(),
      (count) => count === 1,
    );
    await eventually(
      () => stage.openConnections(),
      (count) => count === 0,
    );
    // What the system's buffers took; then the reader was idle for too long, and was cut.
    expect(stage.piecesRead).toBeGreaterThan(0);
    expect(stage.piecesRead).toBeLessThan(100);

    const response = await fetch(url);
    expect(Buffer.from(await response.arrayBuffer()).equals(file.bytes)).toBe(true);
  });
});

describe('a download address', () => {
  it('gives a file to be saved under its name, and never to be shown', async () => {
    const url = await stage.sent(text('Hello', 'Größe "1" %41\u2019s.txt'));
    const response = await fetch(url);
    expect(await response.text()).toBe('Hello');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '5',
      'content-disposition': `attachment; filename="Gr__e _1_ _41_s.txt"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22%20%2541%E2%80%99s.txt`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': expect.stringMatching(/^private, max-age=\d+$/) as string,
    });
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '5', '']);
  });

  it('ends, takes no upload, and cannot be changed into another one', async () => {
    const url = await stage.sent(picture());
    expect(await told(await fetch(stage.at('late', url)))).toMatchObject({ status: 410, code: 'LINK_EXPIRED' });
    expect(await put(url, picture().bytes)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await told(await fetch(url.replace('bat_ad_', 'bat_au_')))).toMatchObject({ status: 404 });
    const place = url.lastIndexOf('/') + 40;
    const forged = url.slice(0, place) + (url[place] === 'A' ? 'B' : 'A') + url.slice(place + 1);
    expect(await told(await fetch(forged))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it('of a file that is erased while it is read breaks off, and looks whole to nobody', async () => {
    const url = await stage.sent(picture(30 * MB));
    const reader = raw(url, 'GET * HTTP/1.1');
    reader.tcp.pause();
    reader.tcp.write('\r\n');
    await eventually(
      async () => reader.tcp.bytesRead,
      (bytes) => bytes >= 0,
    );
    await stage.visit.visitor.act('eraseVisitor', {});
    reader.tcp.resume();
    await reader.closed;
    expect(reader.tcp.bytesRead).toBeLessThan(30 * MB);
  });
});
