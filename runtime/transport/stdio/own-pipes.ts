/** The standard input and output of this process as a path for frames alone. */
import { Console } from "node:console";
import { Socket } from "node:net";
import { type Readable, Writable } from "node:stream";

type Write = (this: Writable, chunk: Uint8Array, written: (error?: Error | null) => void) => boolean;

/** Deno's `process.stdin` keeps no process running once it was paused, so there the pipe is opened anew. */
export function openInput(): Readable {
  return "Deno" in globalThis ? new Socket({ fd: 0, writable: false }) : process.stdin;
}

/**
 * From here on, what this process prints to its standard output goes to its standard error instead, for it would be read as frames. What is
 * written to file descriptor 1 past `process.stdout` and `console`, by a child that inherits it say, cannot be seen here, and ends the connection.
 * @returns where frames are written.
 */
export function takeOutput(): Writable {
  const output = withoutBlocking();
  const write = output.write as Write;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  printToError();
  const frames = new Writable({
    write: (chunk: Uint8Array, _encoding, written) => void write.call(output, chunk, written),
    final: (ended) => void output.end(ended),
    // No platform closes it; its end is what can be told.
    destroy: (error, destroyed) => {
      output.end();
      destroyed(error);
    },
  });
  output.on("error", (error) => frames.destroy(error));
  return frames;
}

/** Pipes for output may block, so that nothing printed before an exit is lost; a server would stand still together with its client. */
function withoutBlocking(): Writable {
  // Deno's output always blocks.
  if ("Deno" in globalThis) return new Socket({ fd: 1, readable: false, writable: true });
  const output = process.stdout as Writable & { readonly _handle?: { setBlocking?(blocking: boolean): unknown } };
  // Node's does until it is told; Bun's does not.
  output._handle?.setBlocking?.(false);
  return output;
}

/** Node's console prints through `process.stdout`; those of Bun and Deno go past it. */
function printToError(): void {
  if (!("Bun" in globalThis || "Deno" in globalThis)) return;
  const { stderr } = process;
  for (const [name, print] of Object.entries(new Console(stderr, stderr))) if (typeof print === "function") Object.assign(console, { [name]: print });
}
