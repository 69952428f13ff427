import { describe, expect, it } from "vitest";
import { readConfig, SettingsFault } from "../src/config.ts";

describe("a time or a rate", () => {
  it.each([
    ["INIT_TIMEOUT", "25d"],
    ["INIT_TIMEOUT", "0s"],
    ["DATABASE_TIMEOUT", "0.4ms"],
    ["BODY_TIMEOUT", "0s"],
    ["LLM_TOTAL_TIMEOUT", "0s"],
    ["WAIT_LIMIT", "-1s"],
    ["WAIT_LIMIT", "25d"],
    ["DRAIN_DELAY", "13d"],
    ["RETENTION", "0d"],
    ["SESSION_RETENTION", "9999999d"],
    ["RATE_LIMIT_CREATE", "10/500ms"],
    ["RATE_LIMIT_SUBMIT", "10/1.5s"],
    ["RATE_LIMIT_CREATE_GLOBAL", "5/30d"],
    ["RATE_LIMIT_SUBMIT_GLOBAL", "5/0s"],
    ["MAX_FRAME_RATE", "5/0s"],
  ])("of %s cannot be %s", (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(SettingsFault);
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} .*"${value}"$`));
  });

  it("is taken where a timer, a counter or the database can hold it", () => {
    const longest = {
      INIT_TIMEOUT: "24d",
      WAIT_LIMIT: "0s",
      DRAIN_DELAY: "0s",
      DRAIN_TIMEOUT: "12d",
      RETENTION: "36500d",
    };
    expect(readConfig(longest)).toMatchObject({ initTimeout: 24 * day, waitLimit: 0, drainTimeout: 12 * day });
    const rates = { RATE_LIMIT_CREATE: "5/24d", RATE_LIMIT_SUBMIT: "10/2000ms", MAX_FRAME_RATE: "10/500ms" };
    expect(readConfig(rates)).toMatchObject({
      rateLimitCreate: { calls: 5, windowMs: 24 * day },
      rateLimitSubmit: { calls: 10, windowMs: 2_000 },
      maxFrameRate: { calls: 10, windowMs: 500 },
    });
  });
});

describe("authentication", () => {
  it.each([
    ["AUTH_JWKS_URL", { AUTH_JWKS_URL: "" }],
    ["AUTH_JWKS_URL", { AUTH_JWKS_URL: "  ", HOST: "0.0.0.0" }],
    ["AUTH_ISSUER", { AUTH_ISSUER: "https://id.example.com" }],
    ["AUTH_AUDIENCE", { AUTH_AUDIENCE: "vivavoce", AUTH_ISSUER: " " }],
  ])("that lacks its key stops the start by the name of %s: %o", (name, env) => {
    expect(() => readConfig(env)).toThrow(SettingsFault);
    expect(() => readConfig(env)).toThrow(new RegExp(`^${name} `));
  });

  it("has its key from one place, and issuer and audience where they are set", () => {
    const blank = { AUTH_ISSUER: "", AUTH_AUDIENCE: "" };
    expect(readConfig(blank)).toMatchObject({ authenticated: false, authIssuer: null });
    expect(readConfig({ ...blank, AUTH_JWT_SECRET: "s".repeat(32), AUTH_JWKS_URL: "" })).toMatchObject({
      authenticated: true,
    });
    const url = "https://id.example.com/keys";
    expect(readConfig({ AUTH_JWKS_URL: url, AUTH_AUDIENCE: "vivavoce" })).toMatchObject({
      authenticated: true,
      authAudience: "vivavoce",
    });
  });
});

it.each([
  ["NODE_ENV", { NODE_ENV: "prod" }],
  ["NODE_ENV", { NODE_ENV: "Production" }],
  ["DATABASE_DIRECT_URL", { DATABASE_DIRECT_URL: "postgresql://127.0.0.1/vivavoce" }],
])("%s cannot be meant where it does nothing: %o", (name, env) => {
  expect(() => readConfig(env)).toThrow(SettingsFault);
  expect(() => readConfig(env)).toThrow(new RegExp(`^${name} `));
});

it("NODE_ENV may be unset or any of the usual ones", () => {
  for (const NODE_ENV of ["", "development", "test"]) expect(readConfig({ NODE_ENV }).production).toBe(false);
  expect(readConfig({ NODE_ENV: "production" }).production).toBe(true);
});

it("ALLOWED_ORIGINS are origins, with a slash behind them or without", () => {
  const allowed = (ALLOWED_ORIGINS: string) => readConfig({ ALLOWED_ORIGINS }).allowedOrigins;
  expect(allowed("https://a.example.com/, http://localhost:5173")).toEqual([
    "https://a.example.com",
    "http://localhost:5173",
  ]);
  expect(allowed("*")).toEqual(["*"]);
  for (const address of ["https://a.example.com//", "https://a.example.com/app", "a.example.com", "/", "*/"]) {
    expect(() => allowed(address)).toThrow(/^ALLOWED_ORIGINS /);
  }
});

const day = 86_400_000;
