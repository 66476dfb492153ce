/**
 * Everything is a script, reading too: a script always goes to the master, whatever a cluster client is told about replicas, and past a client-side
 * cache. They use nothing newer than Redis 6.2, and no command that Valkey does not have.
 *
 * KEYS[1] is the token, KEYS[2] its lease.
 */

export const GET = `return redis.call('GET', KEYS[1])`;

/** ARGV: value, milliseconds to live ('' = no end, '0' = over already). */
const PUT = `
if ARGV[2] == '' then redis.call('SET', KEYS[1], ARGV[1])
elseif ARGV[2] == '0' then redis.call('DEL', KEYS[1])
else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 1`;

export const SET: string = PUT.trim();

/** ARGV as for SET, then the id of the lease. */
export const SET_UNDER_LEASE: string = `if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end${PUT}`;

export const DELETE = `return redis.call('DEL', KEYS[1])`;

/** ARGV: what is expected. For the lease too: KEYS[1] is then the lease, ARGV its id. */
export const DELETE_EXPECTED = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/** KEYS: the lease. ARGV: its id, milliseconds to live. */
export const ACQUIRE = `if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0`;
