import { defineConfig } from "vite";

const server = process.env.VIVAVOCE_URL ?? "http://127.0.0.1:4000";

export default defineConfig({
  build: { target: "es2022", chunkSizeWarningLimit: 600 },
  // `npm run dev` beside a running server: the page is served here, the API there.
  server: {
    proxy: {
      "/graphql": { target: server, ws: true, rewriteWsOrigin: true },
      "/reports": server,
    },
  },
});
