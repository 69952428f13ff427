/**
 * WebSocket text frames (RFC 6455, unmasked as sent by a server), one per result: `head`, the result and the brace that
 * closes the message. All frames are in one buffer for one write. A result that many sockets share is given as bytes.
 */
export function encodeFrames(head: string, results: readonly (string | Buffer)[]): Buffer {
  const headBytes = Buffer.byteLength(head);
  let bytes = 0;
  for (const result of results) {
    const length = headBytes + bytesOf(result) + 1;
    bytes += headerBytes(length) + length;
  }
  const frames = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const result of results) {
    at = writeHeader(frames, at, headBytes + bytesOf(result) + 1);
    at += frames.write(head, at);
    at += typeof result === "string" ? frames.write(result, at) : result.copy(frames, at);
    frames[at++] = closingBrace;
  }
  return frames;
}

function bytesOf(result: string | Buffer): number {
  return typeof result === "string" ? Buffer.byteLength(result) : result.length;
}

const closingBrace = 0x7d;
const finalText = 0x81;

function headerBytes(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10;
}

function writeHeader(frames: Buffer, at: number, length: number): number {
  frames[at] = finalText;
  if (length < 126) {
    frames[at + 1] = length;
    return at + 2;
  }
  if (length < 65_536) {
    frames[at + 1] = 126;
    return frames.writeUInt16BE(length, at + 2);
  }
  frames[at + 1] = 127;
  return frames.writeBigUInt64BE(BigInt(length), at + 2);
}
