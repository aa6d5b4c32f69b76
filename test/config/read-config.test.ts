import { isAbsolute, resolve } from 'node:path';
import { loadConfig } from '../../src/config/load-config';
import { publicUrlOf } from '../../src/config/public-url';
import { ConfigError, readConfig } from '../../src/config/read-config';

const publicKey = Buffer.alloc(65, 4).toString('base64url');
const privateKey = Buffer.alloc(32, 7).toString('base64url');
const secret = 'hunter2';
const secretKey = Buffer.alloc(32, 7).toString('base64');

function refusalOf(env: NodeJS.ProcessEnv): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('readConfig with one wrong variable', () => {
  it.each([
    ['NODE_ENV', 'staging'],
    ['LOG_LEVEL', 'loud'],
    ['BATON_DATA_DIR', 'a\0b'],
    ['HOST', 'http://0.0.0.0'],
    ['HOST', 'two words'],
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '40.5'],
    ['PORT', '0x10'],
    ['PUBLIC_URL', 'chat.example.com'],
    ['PUBLIC_URL', 'ftp://chat.example.com'],
    ['PUBLIC_URL', 'https://chat.example.com/?a=1'],
    ['DASHBOARD_URL', 'javascript:alert(1)'],
    ['BATON_ALLOWED_ORIGINS', 'https://a.example,b.example'],
    ['BATON_ALLOWED_ORIGINS', 'https://a.example/path'],
    ['BATON_ALLOWED_ORIGINS', '*'],
    ['BATON_EXPLORER', 'true'],
    ['BATON_INTROSPECTION', 'yes'],
    ['BATON_OPERATIONS_FILE', 'a\0b'],
    ['BATON_DRAIN_SECONDS', '601'],
    ['BATON_TRUST_PROXY', 'true'],
    ['BATON_TRUST_PROXY', '0'],
    ['BATON_TRUST_PROXY', '1,10.0.0.0/8'],
    ['BATON_TRUST_PROXY', '10.0.0.0/33'],
    ['BATON_TRUST_PROXY', '10.0.0.0/8/8'],
    ['BATON_TRUST_PROXY', 'proxy.example.com'],
    ['BATON_LIMITS', 'on'],
    ['BATON_LIMITS', 'typing'],
    ['BATON_LIMITS', 'typing=10'],
    ['BATON_LIMITS', 'typing=0/60'],
    ['BATON_LIMITS', 'typing=1/0'],
    ['BATON_LIMITS', 'typing=1/86401'],
    ['BATON_LIMITS', 'typing=off;requests=off'],
    ['BATON_LIMITS', 'no-such-limit=1/1'],
    ['DATABASE_URL', 'mysql://host/db'],
    ['DATABASE_URL', 'localhost:5432'],
    ['DATABASE_POOL_SIZE', '1'],
    ['DATABASE_POOL_SIZE', 'many'],
    ['DATABASE_PREPARED', 'yes'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['REDIS_URL', 'localhost:6379'],
    ['SMTP_URL', 'mail.example.com'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'a@example.com, b@example.com'],
    ['BATON_SECRET_KEY', 'short'],
    ['BATON_SECRET_KEY', secretKey.slice(1)],
    ['BATON_SECRET_KEY', `${secretKey},`],
    ['BATON_SECRET_KEY', `${secretKey} ${secretKey}`],
    ['VAPID_PUBLIC_KEY', 'short'],
    ['VAPID_PRIVATE_KEY', publicKey],
    ['VAPID_SUBJECT', 'push@example.com'],
    ['VAPID_SUBJECT', 'http://example.com'],
    ['BATON_ALLOW_LOOPBACK_TARGETS', '1'],
    ['BATON_MODEL_TIMEOUT_SECONDS', '0'],
    ['BATON_WORKER_CONCURRENCY', '0'],
  ])('refuses %s=%j in one line that names it and says what to write', (name, value) => {
    const line = refusalOf({ [name]: value });
    expect(line).toMatch(new RegExp(`^${name} must be [^\\n]+$`));
    expect(line).not.toContain('\n');
  });

  it.each(['DATABASE_URL', 'REDIS_URL', 'SMTP_URL', 'BATON_SECRET_KEY', 'VAPID_PRIVATE_KEY'])(
    'does not repeat the value of %s',
    (name) => {
      expect(refusalOf({ [name]: `nonsense ${secret}` })).not.toContain(secret);
    },
  );
});

describe('readConfig with variables that do not go together', () => {
  it.each([
    ['VAPID_PRIVATE_KEY', { VAPID_PUBLIC_KEY: publicKey, VAPID_SUBJECT: 'mailto:a@example.com' }],
    ['VAPID_PUBLIC_KEY', { VAPID_PRIVATE_KEY: privateKey, VAPID_SUBJECT: 'mailto:a@example.com' }],
    ['VAPID_SUBJECT', { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey }],
    ['MAIL_FROM', { NODE_ENV: 'production', SMTP_URL: 'smtp://mail.example.com' }],
    ['BATON_INBOUND_DOMAIN', { BATON_INBOUND_SMTP_PORT: '2525' }],
    ['BATON_INBOUND_TLS_CERT', { BATON_INBOUND_DOMAIN: 'in.example.com', BATON_INBOUND_TLS_KEY: 'key.pem' }],
  ])('names %s as the missing one', (name, env) => {
    expect(refusalOf(env)).toMatch(new RegExp(`^${name} is missing: [^\\n]+$`));
  });

  it('names every wrong variable, still in one line', () => {
    const line = refusalOf({ PORT: 'x', REDIS_URL: 'y', MAIL_FROM: 'z' });
    expect(line).toMatch(/^PORT .*; REDIS_URL .*; MAIL_FROM /);
    expect(line).not.toContain('\n');
  });
});

describe('readConfig of an empty environment', () => {
  const config = readConfig({});

  it('is the embedded demo: PostgreSQL of our own, no Redis, no SMTP, on this machine alone', () => {
    expect(config).toMatchObject({
      mode: 'development',
      logLevel: 'info',
      demo: { enabled: true },
      server: {
        host: '127.0.0.1',
        port: 4000,
        publicUrl: null,
        dashboardUrl: null,
        allowedOrigins: [],
        drainSeconds: 5,
      },
      secretKeys: [],
      database: { url: null, poolSize: 20, keepsPlans: true },
      redis: { url: null },
      mail: { smtpUrl: null, from: 'no-reply@baton.localhost' },
      push: { keys: null, subject: 'mailto:no-reply@baton.localhost' },
      outgoing: { allowLoopbackTargets: false },
      model: { timeoutSeconds: 60 },
      worker: { concurrency: 16 },
    });
  });

  it('has explorer and introspection on', () => {
    expect([config.server.explorer, config.server.introspection]).toEqual([true, true]);
  });

  it('keeps its data in .baton under the working directory, as an absolute path', () => {
    expect(config.dataDir).toBe(resolve('.baton'));
    expect(isAbsolute(config.dataDir)).toBe(true);
  });

  it('cannot be changed afterwards, at any depth', () => {
    expect(() => Object.assign(config, { mode: 'production' })).toThrow(TypeError);
    expect(() => Object.assign(config.server, { port: 1 })).toThrow(TypeError);
    expect(() => (config.server.allowedOrigins as string[]).push('https://evil.example')).toThrow(TypeError);
  });

  it('equals the configuration of an environment whose variables are all blank', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', VAPID_PUBLIC_KEY: '', BATON_ALLOWED_ORIGINS: '' })).toEqual(
      config,
    );
  });
});

describe('readConfig with good values', () => {
  it.each<[NodeJS.ProcessEnv, object]>([
    [{ PORT: '0' }, { server: { port: 0 } }],
    [{ PORT: ' 8080 ' }, { server: { port: 8080 } }],
    [{ HOST: '::1' }, { server: { host: '::1' } }],
    [{ DATABASE_URL: 'postgres://a:b@db/baton' }, { server: { host: '0.0.0.0' }, demo: { enabled: false } }],
    [{ DATABASE_URL: 'postgresql://db/baton', HOST: '127.0.0.1' }, { server: { host: '127.0.0.1' } }],
    [{ DATABASE_URL: 'postgres:///baton?host=/run/pg' }, { database: { url: 'postgres:///baton?host=/run/pg' } }],
    [{ REDIS_URL: 'rediss://:pw@cache:6380/1' }, { redis: { url: 'rediss://:pw@cache:6380/1' } }],
    [{ SMTP_URL: 'smtps://u:p@mail' }, { mail: { smtpUrl: 'smtps://u:p@mail', from: 'no-reply@baton.localhost' } }],
    [
      { MAIL_FROM: 'desk@example.com' },
      { mail: { from: 'desk@example.com' }, push: { subject: 'mailto:desk@example.com' } },
    ],
    [{ BATON_LIMITS: 'off' }, { limits: [] }],
    [{ BATON_TRUST_PROXY: '2' }, { server: { trustedProxies: 2 } }],
    [
      { BATON_TRUST_PROXY: '10.0.0.0/8, ::1, fd00::/8' },
      { server: { trustedProxies: ['10.0.0.0/8', '::1', 'fd00::/8'] } },
    ],
    [{ PUBLIC_URL: 'https://chat.example.com/' }, { server: { publicUrl: 'https://chat.example.com' } }],
    [
      { BATON_ALLOWED_ORIGINS: 'https://A.example:443, http://b.example:8080/' },
      { server: { allowedOrigins: ['https://a.example', 'http://b.example:8080'] } },
    ],
    [{ BATON_SECRET_KEY: `${secretKey}, ${secretKey}` }, { secretKeys: [secretKey, secretKey] }],
    [{ BATON_ALLOW_LOOPBACK_TARGETS: 'true' }, { outgoing: { allowLoopbackTargets: true } }],
    [{ NODE_ENV: 'production' }, { demo: { enabled: false }, server: { explorer: false, introspection: false } }],
    [
      { NODE_ENV: 'production', BATON_EXPLORER: 'on', BATON_INTROSPECTION: 'on' },
      { server: { explorer: true, introspection: true } },
    ],
    [{ BATON_EXPLORER: 'off' }, { server: { explorer: false, introspection: true } }],
    [
      { VAPID_PUBLIC_KEY: `${publicKey}=`, VAPID_PRIVATE_KEY: privateKey, VAPID_SUBJECT: 'https://example.com/push' },
      { push: { keys: { publicKey, privateKey }, subject: 'https://example.com/push' } },
    ],
  ])('%j', (env, expected) => {
    expect(readConfig(env)).toMatchObject(expected);
  });
});

describe('loadConfig', () => {
  it('with a wrong variable writes one line to stderr and ends the process with code 1', () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${String(code)}`);
    });
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const restore = jest.replaceProperty(process, 'env', { PORT: 'http' });
    try {
      expect(loadConfig).toThrow('exit 1');
      expect(write.mock.calls).toEqual([[expect.stringMatching(/^Baton cannot start: PORT must be [^\n]+\n$/)]]);
    } finally {
      exit.mockRestore();
      write.mockRestore();
      restore.restore();
    }
  });
});

describe('publicUrlOf', () => {
  it('without PUBLIC_URL names the port that is listening', () => {
    expect(publicUrlOf(readConfig({ PORT: '0' }), 51234)).toBe('http://localhost:51234');
  });

  it('with PUBLIC_URL is that', () => {
    expect(publicUrlOf(readConfig({ PUBLIC_URL: 'https://chat.example.com' }), 4000)).toBe('https://chat.example.com');
  });
});
