import { SignJWT } from "jose";

export const testSecret = "a secret for tests that is long enough";

/** A bearer token as an identity provider would sign it. */
export function mintToken(
  viewer: string,
  role = "candidate",
  { secret = testSecret, expires = "1h" as string | Date } = {},
): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(viewer)
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret));
}
