import { redactUrl } from '../../src/config/redact-url';

describe('redactUrl', () => {
  it.each([
    ['postgres://baton:hunter2@db:5432/baton', 'postgres://baton:***@db:5432/baton'],
    ['redis://:hunter2@cache:6379/1', 'redis://:***@cache:6379/1'],
    ['postgres://db/baton?user=a&password=hunter2', 'postgres://db/baton?user=a&password=***'],
    ['smtp://user:hunter2%40@mail', 'smtp://user:***@mail'],
    ['postgres://baton@db/baton', 'postgres://baton@db/baton'],
    ['hunter2', '***'],
  ])('shows %s without its password', (address, shown) => {
    expect(redactUrl(address)).toBe(shown);
  });
});
