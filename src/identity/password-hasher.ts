import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export interface PasswordHasher {
  /** A string that holds the algorithm, its parameters, the salt and the key. */
  hash(password: string): Promise<string>;
  /** Null stands for an account that does not exist: always false, and as slow as a wrong password. */
  verify(password: string, stored: string | null): Promise<boolean>;
}

interface Parameters {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

/** N of scrypt; with r = 8 one hash takes 128 MiB and about 0.4 s of one core. */
const DEFAULT_COST = 2 ** 17;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const STORED = /^scrypt\$n=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

/**
 * Hashes passwords with scrypt. At most `concurrency` hashes run at once and the others wait: each takes a thread of
 * the pool that DNS and files use too, and 128 MiB, so a flood of sign-ins must not take them all.
 * @param options.cost N of scrypt, a power of two; tests pass a tiny one
 */
export function createPasswordHasher(options: { cost?: number; concurrency?: number } = {}): PasswordHasher {
  const parameters: Parameters = { cost: options.cost ?? DEFAULT_COST, blockSize: 8, parallelization: 1 };
  const inTurn = createQueue(options.concurrency ?? 2);
  const nobody = { parameters, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) };

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      const key = await inTurn(() => derive(password, salt, parameters));
      return format(parameters, salt, key);
    },
    async verify(password, stored) {
      const expected = stored === null ? nobody : parse(stored);
      const key = await inTurn(() => derive(password, expected.salt, expected.parameters));
      return timingSafeEqual(key, expected.key) && stored !== null;
    },
  };
}

function derive(password: string, salt: Buffer, { cost, blockSize, parallelization }: Parameters): Promise<Buffer> {
  // Twice what the algorithm needs: Node's own limit of 32 MiB would refuse it.
  const options = { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize };
  return new Promise((resolve, reject) => {
    // Keyboards compose é differently: NFC makes it the same password on each of them.
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function format({ cost, blockSize, parallelization }: Parameters, salt: Buffer, key: Buffer): string {
  return `scrypt$n=${cost},r=${blockSize},p=${parallelization}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

function parse(stored: string): { parameters: Parameters; salt: Buffer; key: Buffer } {
  const [, cost, blockSize, parallelization, salt, key] = STORED.exec(stored) ?? [];
  if (salt === undefined || key === undefined)
    throw new Error('A stored password hash is not in the format of this server.');
  return {
    parameters: { cost: Number(cost), blockSize: Number(blockSize), parallelization: Number(parallelization) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

function createQueue(concurrency: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < concurrency) running += 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The place is handed over as it is: nobody can slip in between.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
