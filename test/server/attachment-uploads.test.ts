import { picture, put, type TestFile, text, told } from '../api/attachment-files';
import { AttachmentStage, MB, raw } from './attachment-stage';

let stage: AttachmentStage;
beforeAll(async () => {
  stage = await AttachmentStage.start();
});
beforeEach(async () => {
  stage.visit = await stage.scene.visit();
});
afterEach(() => expect(stage.failures).toEqual([]));
afterAll(() => stage.stop());

describe('an upload address', () => {
  it('is good for exactly what it was made for: no letter of it can be another one', async () => {
    const file = picture();
    const { uploadUrl } = await stage.announced(file);
    for (const position of [8, 30, 60, 80, 95, 102]) {
      const place = uploadUrl.lastIndexOf('/') + position;
      const other = uploadUrl[place] === 'A' ? 'B' : 'A';
      const forged = uploadUrl.slice(0, place) + other + uploadUrl.slice(place + 1);
      expect(await put(forged, file.bytes)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
    expect(await put(`${uploadUrl}A`, file.bytes)).toMatchObject({ status: 404 });
    expect(await told(await fetch(uploadUrl))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await told(await fetch(uploadUrl, { method: 'DELETE' }))).toMatchObject({ status: 405 });
    expect(await put(stage.at('late', uploadUrl), file.bytes)).toMatchObject({ status: 410, code: 'LINK_EXPIRED' });
    expect(await put(uploadUrl, file.bytes)).toMatchObject({ status: 200, code: null });
  });

  it('answers what a browser asks before, and no page of a foreign origin', async () => {
    const { uploadUrl } = await stage.announced(picture());
    const ask = (origin: string): Promise<Response> => fetch(uploadUrl, { method: 'OPTIONS', headers: { origin } });
    const asked = await ask('https://widget.example');
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, 'https://widget.example']);
    expect(asked.headers.get('access-control-allow-methods')).toContain('PUT');
    expect((await ask('https://evil.example')).status).toBe(403);
  });

  it('that is none takes no body without end, no more than any other request does', async () => {
    const { uploadUrl } = await stage.announced(picture());
    for (const url of [stage.at('late', uploadUrl), stage.at('hasty', uploadUrl.slice(0, -1))]) {
      const { tcp, answer, closed } = raw(url, 'PUT * HTTP/1.1\r\nTransfer-Encoding: chunked');
      tcp.write('\r\n');
      const pour = (): void => {
        if (tcp.writable) tcp.write('4\r\nmore\r\n', () => setTimeout(pour, 1));
      };
      pour();
      await closed;
      expect(answer()).toMatch(/^HTTP\/1\.1 4(04|10) /);
    }
  });

  it('takes a file once; a second one is refused and changes nothing', async () => {
    const { id, uploadUrl } = await stage.announced(picture());
    await put(uploadUrl, picture().bytes);
    expect(await put(uploadUrl, picture().bytes)).toMatchObject({ status: 409, code: 'ALREADY_UPLOADED' });
    expect(await stage.held(id)).toMatchObject({ state: 'UPLOADED', bytes: 1000 });
    expect((await stage.storedOf(id)).equals(picture().bytes)).toBe(true);
  });
});

describe('an upload of another size than announced', () => {
  it('is refused before it is read when it says so, too long and too short', async () => {
    const { id, uploadUrl } = await stage.announced(picture());
    expect(await put(uploadUrl, picture(1001).bytes)).toMatchObject({ status: 413, code: 'TOO_LONG' });
    expect(await put(uploadUrl, picture(999).bytes)).toMatchObject({ status: 400, code: 'TOO_SHORT' });
    expect(await stage.held(id)).toMatchObject({ state: 'PENDING', bytes: 0 });
    expect(await put(uploadUrl, picture().bytes)).toMatchObject({ status: 200 });
  });

  it('in chunks without end is cut off: nothing beyond its size is stored, and the sender is told', async () => {
    const { id, uploadUrl } = await stage.announced(picture(300_000));
    const { tcp, answer, closed } = raw(uploadUrl, 'PUT * HTTP/1.1\r\nTransfer-Encoding: chunked');
    tcp.write('\r\n');
    const part = picture(MB).bytes;
    const pour = (): void => {
      if (!tcp.writable) return;
      tcp.write(`${part.length.toString(16)}\r\n`);
      tcp.write(part);
      tcp.write('\r\n', pour);
    };
    pour();
    await closed;
    expect(answer()).toMatch(/^HTTP\/1\.1 413 [^]*TOO_LONG/);
    expect((await stage.held(id)).bytes).toBeLessThanOrEqual(300_000);
    expect((await stage.held(id)).state).toBe('PENDING');
  });

  it('in chunks that end too early is refused, and can be sent again', async () => {
    const file = picture(600_000);
    const { id, uploadUrl } = await stage.announced(file);
    const { tcp, answer, closed } = raw(uploadUrl, 'PUT * HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked');
    tcp.write(`\r\n${(500_000).toString(16)}\r\n`);
    tcp.write(file.bytes.subarray(0, 500_000));
    tcp.write('\r\n0\r\n\r\n');
    await closed;
    expect(answer()).toMatch(/^HTTP\/1\.1 400 [^]*TOO_SHORT/);
    expect(await put(uploadUrl, file.bytes)).toMatchObject({ status: 200 });
    expect((await stage.storedOf(id)).equals(file.bytes)).toBe(true);
  });
});

describe('an upload that is something else', () => {
  const zip = Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(26), Buffer.from('evil.js alert(1)')]);
  const word = Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(26), Buffer.from('[Content_Types].xml')]);
  it.each<[string, TestFile, number]>([
    ['a PDF called .png', { fileName: 'a.png', bytes: Buffer.from('%PDF-1.7\n1 0 obj') }, 415],
    ['a program called .pdf', { fileName: 'a.pdf', bytes: Buffer.from('4d5a90000300000004000000', 'hex') }, 415],
    ['a page called .jpg', text('<!DOCTYPE html><script>alert(1)</script>', 'a.jpg'), 415],
    ['a drawing called .txt', text('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', 'a.txt'), 415],
    ['a picture called .txt', { fileName: 'a.txt', bytes: picture().bytes }, 415],
    ['a text with a NUL', text('a\0b'), 415],
    ['a text in Latin-1', { fileName: 'a.txt', bytes: Buffer.from('Größe', 'latin1') }, 415],
    ['a text that ends inside of a character', { fileName: 'a.txt', bytes: Buffer.from('€').subarray(0, 2) }, 415],
    ['an archive called .docx', { fileName: 'a.docx', bytes: zip }, 415],
    ['a document called .odt', { fileName: 'a.odt', bytes: word }, 415],
    ['a document', { fileName: 'a.docx', bytes: word }, 200],
    ['an archive', { fileName: 'a.zip', bytes: zip }, 200],
    ['a PDF', { fileName: 'a.pdf', bytes: Buffer.from('%PDF-1.7\n1 0 obj') }, 200],
    ['a text', text('Grüße, 你好 👋'), 200],
  ])('%s is answered with what it deserves', async (_name, file, status) => {
    const { id, uploadUrl } = await stage.announced(file);
    expect(await put(uploadUrl, file.bytes, { 'content-type': 'image/png' })).toMatchObject({ status });
    expect((await stage.held(id)).state).toBe(status === 200 ? 'UPLOADED' : 'PENDING');
  });

  it('is found out wherever in a text it begins, and no character is cut in two by us', async () => {
    const good = text('€'.repeat(200_000));
    const { id, uploadUrl } = await stage.announced(good);
    expect(await put(uploadUrl, good.bytes)).toMatchObject({ status: 200 });
    expect((await stage.held(id)).pieces).toBeGreaterThan(1);
    const bad = { ...good, bytes: Buffer.concat([good.bytes.subarray(0, -3), Buffer.from([0xff, 0xfe, 0xfd])]) };
    const other = await stage.announced(bad);
    expect(await put(other.uploadUrl, bad.bytes)).toMatchObject({ status: 415, code: 'TYPE_MISMATCH' });
    expect(await put(other.uploadUrl, good.bytes)).toMatchObject({ status: 200 });
  });

  it('or is packed is refused', async () => {
    const { uploadUrl } = await stage.announced(picture());
    expect(await put(uploadUrl, picture().bytes, { 'content-encoding': 'gzip' })).toMatchObject({
      status: 415,
      code: 'ENCODED',
    });
  });
});
