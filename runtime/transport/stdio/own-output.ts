/** The standard output of this process as a path for frames alone. */
import type { Socket } from "node:net";
import { Writable } from "node:stream";

type Write = (this: Socket, chunk: Uint8Array, written: (error?: Error | null) => void) => boolean;

/**
 * From here on, what this process prints to its standard output goes to its standard error instead, for it would be read as frames. What is
 * written to file descriptor 1 past `process.stdout`, by a child that inherits it say, cannot be seen here, and ends the connection.
 * @returns where frames are written.
 */
export function takeOutput(): Writable {
  const output = process.stdout as Socket;
  const write = output.write as Write;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  // Node lets a pipe for output block, so that nothing printed before an exit is lost; a server would stand still together with its client.
  (output as { readonly _handle?: { setBlocking?(blocking: boolean): unknown } })._handle?.setBlocking?.(false);
  const frames = new Writable({
    write: (chunk: Uint8Array, _encoding, written) => void write.call(output, chunk, written),
    final: (ended) => void output.end(ended),
    // Node never closes it; its end is what can be told.
    destroy: (error, destroyed) => {
      output.end();
      destroyed(error);
    },
  });
  output.on("error", (error) => frames.destroy(error));
  return frames;
}
