import type { PrismaClient } from "../../generated/prisma/client.ts";
import { isFailure } from "../../interview/failures.ts";
import { globalId } from "../../interview/globalId.ts";
import type { Resume } from "../../interview/model.ts";
import { isStorable } from "../../interview/validation.ts";
import type { Cipher } from "../../ports/cipher.ts";
import { createResume, deleteResume, updateResume } from "../../usecases/resumes.ts";
import { requireWriter } from "../access.ts";
import type { Builder } from "../builder.ts";
import { resultUnion } from "../results.ts";

const formats =
  "PDF, DOCX, Markdown or plain text (UTF-8, or UTF-16 with a byte order mark), recognised by its content; at most 5 MiB and 50 pages.";
const cleaning = "Hidden and control characters, trailing spaces and repeated blank lines are removed.";
/** A file is read in a separate process. */
const readingCost = 50;

export function addResumeMutations(builder: Builder, prisma: PrismaClient, cipher: Cipher): void {
  const stored = storedResume(prisma, cipher);
  addCreateResume(builder, stored);
  addUpdateResume(builder, stored);
  addDeleteResume(builder);
}

type StoredResume = ReturnType<typeof storedResume>;

/** The row of a résumé just stored, or its stored values if it has been replaced or deleted since. */
function storedResume(prisma: PrismaClient, cipher: Cipher) {
  return async (query: object, { resume }: { resume: Resume }): Promise<Row> =>
    (await prisma.resume.findUnique({ ...query, where: { id: resume.id } })) ??
    ({ ...resume, text: cipher.seal(resume.text) } as unknown as Row);
}
type Row = NonNullable<Awaited<ReturnType<PrismaClient["resume"]["findUnique"]>>>;

function addCreateResume(builder: Builder, stored: StoredResume): void {
  const Payload = builder.objectRef<{ resume: Resume; alreadyExisted: boolean }>("CreateResumePayload").implement({
    description: "The résumé that was stored or found.",
    fields: (t) => ({
      resume: t.prismaField({
        type: "Resume",
        description: "The résumé.",
        resolve: stored,
      }),
      alreadyExisted: t.exposeBoolean("alreadyExisted", {
        description: "The same text was stored already, under this key or, where none was given, under any.",
      }),
    }),
  });
  const Input = builder.inputType("CreateResumeInput", {
    description: `A résumé to be stored: either its text or a file. ${cleaning}`,
    fields: (t) => ({
      text: t.string({ description: "The text: at most 100,000 characters." }),
      file: t.field({ type: "Upload", description: formats }),
      resumeId: t.id({
        description:
          "The caller's own key, at most 64 characters; a text already stored under it is replaced. When left out, a key is " +
          "made from the text, so that the same text gives the same résumé.",
      }),
    }),
  });
  builder.mutationField("createResume", (t) =>
    t.field({
      type: resultUnion(builder, "createResume", Payload, ["ValidationError", "RateLimitedError"]),
      description: "Stores a résumé from a text or a file. Counts against the create rate limit.",
      complexity: readingCost,
      args: {
        input: t.arg({ type: Input, required: true, description: "The text or file, and the key to store it under." }),
      },
      resolve: async (_, args, context, info) => {
        requireWriter(context);
        const refused = await context.limit("create", { context, args, info });
        if (refused) return refused;
        const { text, file, resumeId } = args.input;
        const created = await createResume(context.deps, context.viewer.id, { text, file: file?.bytes, resumeId });
        return isFailure(created) ? created : { type: "CreateResumePayload" as const, ...created };
      },
    }),
  );
}

function addUpdateResume(builder: Builder, stored: StoredResume): void {
  const Payload = builder.objectRef<{ resume: Resume }>("UpdateResumePayload").implement({
    description: "The résumé as it is now.",
    fields: (t) => ({
      resume: t.prismaField({
        type: "Resume",
        description: "The résumé with its new text, which is a new object under the same key.",
        resolve: stored,
      }),
    }),
  });
  const Input = builder.inputType("UpdateResumeInput", {
    description: `A new text for a stored résumé, as a string or in a file. ${cleaning}`,
    fields: (t) => ({
      resumeId: t.id({ required: true, description: "The résumé's key." }),
      text: t.string({ description: "The text: at most 100,000 characters." }),
      file: t.field({ type: "Upload", description: formats }),
    }),
  });
  builder.mutationField("updateResume", (t) =>
    t.field({
      type: resultUnion(builder, "updateResume", Payload, [
        "ValidationError",
        "RateLimitedError",
        "ResumeNotFoundError",
      ]),
      description:
        "Puts a new text under the key of one of the viewer's résumés. Sessions made from the old one keep it; without " +
        "such sessions it is removed. Counts against the create rate limit.",
      complexity: readingCost,
      args: { input: t.arg({ type: Input, required: true, description: "The new text." }) },
      resolve: async (_, args, context, info) => {
        requireWriter(context);
        const refused = await context.limit("create", { context, args, info });
        if (refused) return refused;
        const { text, file, resumeId } = args.input;
        const updated = await updateResume(context.deps, context.viewer.id, { text, file: file?.bytes, resumeId });
        return isFailure(updated) ? updated : { type: "UpdateResumePayload" as const, resume: updated };
      },
    }),
  );
}

function addDeleteResume(builder: Builder): void {
  const Payload = builder.objectRef<{ id: string; resumeId: string }>("DeleteResumePayload").implement({
    description: "What was deleted.",
    fields: (t) => ({
      deletedId: t.id({
        description: "Global id that the résumé had, for caches.",
        resolve: ({ id }) => globalId("Resume", id),
      }),
      resumeId: t.exposeID("resumeId", { description: "The key, which may be used again." }),
    }),
  });
  const Input = builder.inputType("DeleteResumeInput", {
    description: "A résumé to be deleted.",
    fields: (t) => ({ resumeId: t.id({ required: true, description: "The résumé's key." }) }),
  });
  builder.mutationField("deleteResume", (t) =>
    t.field({
      type: resultUnion(builder, "deleteResume", Payload, ["ResumeNotFoundError"]),
      description:
        "Deletes one of the viewer's résumés: it is listed nowhere any more and no session can be made from it. " +
        "Sessions made from it stay, each with its text, which is removed for good with the last of them; without such " +
        "sessions it is removed at once.",
      complexity: 10,
      args: { input: t.arg({ type: Input, required: true, description: "The key of the résumé." }) },
      resolve: async (_, { input: { resumeId } }, context) => {
        requireWriter(context);
        // A key that cannot be stored does not exist.
        if (!isStorable(resumeId)) return { type: "ResumeNotFoundError" as const };
        const deleted = await deleteResume(context.deps, context.viewer.id, resumeId);
        if (isFailure(deleted)) return deleted;
        return { type: "DeleteResumePayload" as const, ...deleted, resumeId };
      },
    }),
  );
}
