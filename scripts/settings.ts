/** `node scripts/settings.ts` writes docs/settings.md; `--check` fails when the committed one differs from the code's. */
import { resolve } from "node:path";
import { settings } from "../src/config.ts";
import { keep } from "./printed.ts";

const path = resolve(import.meta.dirname, "../docs/settings.md");

const rows = Object.values(settings).map(
  ({ name, fallback, meaning }) =>
    `| \`${name}\` | ${fallback === "" ? "" : `\`${fallback}\``} | ${meaning.replaceAll("|", "\\|")} |`,
);
const page = `# Settings

Every setting is an environment variable, read once at the start; a fault stops the start with one line that names it.
Times are written like \`500ms\`, \`25s\`, \`10m\`, \`2h\` or \`7d\`; rates like \`5/60s\`, those of calls over whole seconds; \`off\`
lifts a limit where it is named.
This page is printed from \`src/config.ts\` by \`npm run settings\`.

| setting | default | meaning |
|---|---|---|
${rows.join("\n")}

A language model provider \`NAME\` in \`LLM_PROVIDERS\` has \`NAME_BASE_URL\`, \`NAME_API_KEY\` and \`NAME_MODEL\`. The addresses of
openai, gemini, openrouter, deepseek, dashscope and ollama are built in. A lone \`OPENAI_API_KEY\` is enough.
`;

await keep(path, "docs/settings.md", "the code", "settings", page);
