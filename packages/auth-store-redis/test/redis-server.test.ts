import { afterEach, describe, expect, it, vi } from 'vitest';

import { mustSkipWithoutRedis } from './redis-server.ts';

describe('where redis-server is missing', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('without redis-server a developer is told which tests did not run', () => {
    vi.stubEnv('PATH', '');
    vi.stubEnv('CI', '');
    vi.stubEnv('REDIS_SERVER', undefined);
    const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
    expect(mustSkipWithoutRedis('the tests of redisStore')).toBe(true);
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/the tests of redisStore DID NOT RUN/));
  });

  it('without redis-server CI fails', () => {
    vi.stubEnv('PATH', '');
    vi.stubEnv('CI', '1');
    vi.stubEnv('REDIS_SERVER', 'no-such-server');
    expect(() => mustSkipWithoutRedis('the tests of redisStore')).toThrow(/^no-such-server is not on the PATH: .* Install redis-server/);
  });
});
