import { afterAll, beforeAll, it } from "vitest";
import { mintToken, testSecret } from "../support/tokens.ts";
import { openProduct, type Product } from "./product.ts";

let product: Product;
beforeAll(async () => {
  product = await openProduct("postgres", { AUTH_JWT_SECRET: testSecret });
});
afterAll(() => product.close());

it("watches an interview with the token among its headers", async () => {
  const headers = { authorization: `Bearer ${await mintToken("ada")}` };
  const query = `mutation { createSession(input: { resumeText: "Java engineer", questionCount: 3 }) {
    ... on CreateSessionPayload { session { id } } } }`;
  const created = await fetch(`${product.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query }),
  });
  const { id } = ((await created.json()) as any).data.createSession.session;

  const watch = `subscription { sessionEvents(sessionId: "${id}", after: "0") { __typename } }`;
  const { page } = await product.open(`/graphql?${new URLSearchParams({ query: watch })}`);
  await page.getByRole("button", { name: "Headers" }).click();
  await page.locator(".graphiql-editor-tool .graphiql-editor:not(.hidden)").click();
  await page.keyboard.insertText(JSON.stringify(headers));
  await page.getByRole("button", { name: "Execute query" }).click();
  // GraphiQL shows only the newest event.
  await page.locator(".result-window").getByText("QuestionAsked").waitFor();
});
