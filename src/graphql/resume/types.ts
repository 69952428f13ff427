import { globalId } from "../../interview/globalId.ts";
import type { Cipher } from "../../ports/cipher.ts";
import type { Builder } from "../builder.ts";

export function addResumeTypes(builder: Builder, cipher: Cipher): void {
  builder.prismaObject("Resume", {
    description: "A résumé text. A new text under the same key is a new résumé; earlier sessions keep theirs.",
    interfaces: [builder.nodeInterfaceRef()],
    fields: (t) => ({
      id: t.id({ description: "Global id.", select: { id: true }, resolve: ({ id }) => globalId("Resume", id) }),
      resumeId: t.exposeID("key", {
        description:
          "The caller's own key, unique for its owner: what every `resumeId` argument takes. Made by the server from " +
          "the text when none was given.",
      }),
      text: t.string({
        // Up to 100,000 characters, which are read and opened for each occurrence.
        complexity: 100,
        description: "The text: exactly as given to createSession; read out of the file and cleaned by createResume.",
        select: { text: true },
        resolve: ({ text }) => cipher.open(text),
      }),
      createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was stored." }),
    }),
  });
}
