import { GraphQLScalarType } from "graphql";
import { graphqlError } from "./errors.ts";

/** A file from a multipart request. */
export class UploadedFile {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** Only the transport creates such values: clients cannot write one in variables or a document. */
export const uploadScalar = new GraphQLScalarType<UploadedFile, never>({
  name: "Upload",
  description:
    "A file, sent as the GraphQL multipart request specification says, with the header `x-vivavoce-upload: 1`. " +
    "Multipart is accepted for createResume and updateResume only, with a body of at most 6 MiB.",
  parseValue(value) {
    if (value instanceof UploadedFile) return value;
    throw graphqlError("BAD_USER_INPUT", "A file comes with a multipart request only");
  },
  parseLiteral() {
    throw graphqlError("BAD_USER_INPUT", "A file comes with a multipart request only");
  },
  serialize() {
    throw new Error("Files are only ever received");
  },
});
