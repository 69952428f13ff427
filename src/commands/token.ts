/**
 * `npm run token -- --sub ada --role reviewer --ttl 2h` prints a bearer token for development, signed with
 * AUTH_JWT_SECRET, for AUTH_ISSUER and AUTH_AUDIENCE where they are set.
 */
import { parseArgs } from "node:util";
import { SignJWT } from "jose";
import { readConfig, SettingsFault } from "../config.ts";

const roles = ["candidate", "reviewer", "admin"];

try {
  const { values } = parseArgs({
    options: {
      sub: { type: "string", default: "developer" },
      role: { type: "string", default: "candidate" },
      ttl: { type: "string", default: "2h" },
    },
  });
  if (!roles.includes(values.role)) throw new SettingsFault("--role", `must be ${roles.join(", ")}`);
  const config = readConfig(process.env);
  if (config.authJwtSecret === null) throw new SettingsFault("AUTH_JWT_SECRET", "must be set to sign a token");
  const token = new SignJWT({ role: values.role })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(values.sub)
    .setIssuedAt()
    .setExpirationTime(values.ttl);
  if (config.authIssuer) token.setIssuer(config.authIssuer);
  if (config.authAudience) token.setAudience(config.authAudience);
  console.log(await token.sign(new TextEncoder().encode(config.authJwtSecret.reveal())));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
