import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { aString } from "../_internal/option_kinds.ts";
import { assertHost, kindOf, storeOf } from "./_stores/store_of.ts";
import type { StoreOperation } from "./_stores/records.ts";
import type { RealtimeStore } from "./realtime_store.ts";

/**
 * The members of a Redis client that are used.
 *
 * @category Edge app
 */
export interface RedisLike {
  /** Runs a script in Lua, as `EVAL` does: `KEYS` and `ARGV` are the two lists. */
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
}

/**
 * Options of {@linkcode redisStore}.
 *
 * @category Edge app
 */
export interface RedisStoreOptions {
  /**
   * Prefix of every key.
   *
   * @default {"oai-rt-edge:"}
   */
  prefix?: string | undefined;
}

/** Numbers are returned as strings, as Redis truncates fractions. */
const SCRIPT = `
local key, op = KEYS[1], ARGV[1]
if op == 'add' then
  local value = tonumber(redis.call('GET', key) or '0')
  local ttl = redis.call('PTTL', key)
  if ttl < 0 then ttl = tonumber(ARGV[4]) end
  local amount = tonumber(ARGV[2])
  if ARGV[3] ~= '' and value + amount > tonumber(ARGV[3]) then return {0, string.format('%.17g', value), ttl} end
  local sum = value + amount
  if amount < 0 then sum = math.max(0, sum) end
  local isChanged = sum ~= value
  sum = string.format('%.17g', sum)
  if isChanged then redis.call('SET', key, sum, 'PX', math.max(1, math.ceil(ttl))) end
  return {1, sum, ttl}
elseif op == 'hold' then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local ttl = math.ceil(tonumber(ARGV[4]))
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  if not redis.call('ZSCORE', key, ARGV[2]) and redis.call('ZCARD', key) >= tonumber(ARGV[3]) then
    local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
    local retry = ttl
    if first[2] then retry = math.min(ttl, tonumber(first[2]) - now) end
    return {0, retry}
  end
  redis.call('ZADD', key, now + ttl, ARGV[2])
  redis.call('PEXPIRE', key, math.max(redis.call('PTTL', key), ttl))
  return {1, 0}
elseif op == 'release' then
  return redis.call('ZREM', key, ARGV[2])
elseif op == 'get' then
  return redis.call('GET', key)
end
return redis.call('SET', key, ARGV[2], 'PX', math.max(1, math.ceil(tonumber(ARGV[3]))))
`;

/**
 * Creates a store in Redis 5 or later, or in any database that runs its scripts. A client whose `eval` takes two lists,
 * such as that of Upstash, is passed as it is; others need a wrapper:
 *
 * | client | |
 * | --- | --- |
 * | `@upstash/redis` | `redisStore(redis)` |
 * | `ioredis` | `redisStore({ eval: (script, keys, args) => redis.eval(script, keys.length, ...keys, ...args) })` |
 * | `redis` | `redisStore({ eval: (script, keys, args) => redis.eval(script, { keys, arguments: args }) })` |
 *
 * @category Edge app
 *
 * @throws {TypeError} when an option is unknown, or the client has no `eval`.
 */
export function redisStore(redis: RedisLike, options: RedisStoreOptions = {}): RealtimeStore {
  checkOptions("create the store", options, { prefix: aString } satisfies OptionNames<RedisStoreOptions>);
  assertHost(redis, ["eval"], "a client with the method eval");
  const { prefix = "oai-rt-edge:" } = options;
  return storeOf(async (operation: StoreOperation) => {
    const key = `${prefix}${kindOf(operation.op)}:${operation.key}`;
    return toResult(operation, await redis.eval(SCRIPT, [key], argsOf(operation)));
  });
}

function argsOf(operation: StoreOperation): string[] {
  switch (operation.op) {
    case "add": {
      const { amount, max, op, ttlMs } = operation;
      return [op, `${amount}`, (max ?? Infinity) === Infinity ? "" : `${max}`, `${ttlMs}`];
    }
    case "hold":
      // Lua has no Infinity.
      return [operation.op, operation.holder, `${Math.min(operation.max ?? Infinity, 1e15)}`, `${operation.ttlMs}`];
    case "release":
      return [operation.op, operation.holder];
    case "get":
      return [operation.op];
    case "put":
      return [operation.op, operation.value, `${operation.ttlMs}`];
  }
}

/** Converts the result of the script. Some clients return numbers as strings. */
function toResult({ op }: StoreOperation, answer: unknown): unknown {
  const numbers = Array.isArray(answer) ? answer.map(Number) : [];
  if (op === "add") return { ok: numbers[0] === 1, value: numbers[1], resetMs: numbers[2] };
  if (op === "hold") return { ok: numbers[0] === 1, retryMs: numbers[1] };
  return op === "get" && answer !== undefined ? answer : null;
}
