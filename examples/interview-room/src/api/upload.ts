/** What a mutation's `context` says to send a file along; its variables have null in the file's place. */
export function withFile(file: File): { fetchOptions: object } {
  return { fetchOptions: { file } };
}

/** `fetch` for Apollo's HTTP link: a request that carries a file goes as a GraphQL multipart request. */
export const fetchWithFile: typeof fetch = (address, options) => {
  const { file, body, headers, ...rest } = options as RequestInit & { file?: File };
  if (!file) return fetch(address, options);
  const form = new FormData();
  form.set("operations", body as string);
  form.set("map", JSON.stringify({ 0: ["variables.input.file"] }));
  form.set("0", file);
  const kept = new Headers(headers);
  // The browser writes its own, with the boundary in it.
  kept.delete("content-type");
  kept.set("x-vivavoce-upload", "1");
  return fetch(address, { ...rest, headers: kept, body: form });
};
