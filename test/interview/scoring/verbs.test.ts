import { describe, expect, it } from "vitest";
import { namesOnly } from "../../../src/interview/scoring/verbs.ts";

describe("whether a text only names things", () => {
  it.each([
    "salt, hash, bcrypt, no plain text, rainbow tables",
    "No plain text. A salted hash. A slow function such as Argon2.",
    "a delay after the last call of a burst and a fixed interval for continuous events",
    "- malicious page in another tab\n- automatic session cookie\n- origin check on the server",
    "fast reads and expensive writes with push, cheap writes and slow reads with pull",
    "the stored result of the charge / the same response for a retry",
    "Eviction of another page to swap. Loading from disk by the kernel.",
    "同源策略、协议、域名、端口",
    "浏览器的同源策略和服务端的响应头以及老项目的JSONP",
    "不存在的数据、热点key的过期、大量key的同时失效",
    "用户的恶意输入，字符串的拼接，预编译的语句",
    "影响范围的确认和版本的回滚和服务的降级",
  ])("%s", (text) => expect(namesOnly(text)).toBe(true));

  it.each([
    "Roll back first. Tell support. Then read the logs.",
    "Indexes speed up reads but slow down writes.",
    "The server stores sessions",
    "Readers never block writers.",
    "- hash the password\n- add a salt\n- use Argon2",
    "Because it's sorted",
    "We moved it in small steps.",
    "Too small and it takes forever.",
    "Retry only idempotent calls. Watch latency.",
    "先看日志，找到报错的原因，然后改代码重新发布，同时告诉领导。",
    "进程是资源分配的基本单位，线程是调度的基本单位",
    "用布隆过滤器挡住不存在的key",
    "同源策略不允许页面读取其他源的响应",
    "给过期时间加随机值",
  ])("not: %s", (text) => expect(namesOnly(text)).toBe(false));
});
