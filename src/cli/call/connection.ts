/** The connection of `rpcgen call`: what the command line says of it, and a runtime that may not be there. */
import path from "node:path";
import type { Channel, ConnectOptions, Observe } from "@rpcgen/runtime";
import { CallError } from "../../call/call-error.js";
import { errorText } from "../../diagnostics/error-text.js";
import { reasonOf } from "../io-reason.js";
import { shown } from "../render-text.js";
import type { Invocation } from "../verb.js";

/** @throws CallError if there is no connection. */
export async function connectionTo(address: string, invocation: Invocation): Promise<Channel> {
  const tls = tlsOf(invocation);
  const options: ConnectOptions = { ...(tls !== undefined && { tls }), ...(invocation.options.verbose === true && { observe: teller(invocation) }) };
  const { connect } = await runtime();
  try {
    return await connect(address, options);
  } catch (error) {
    const isAddress = (error as { readonly code?: string }).code !== "INVALID_ARGUMENT";
    throw new CallError(errorText(error), isAddress ? undefined : "write tcp://HOST:PORT, unix:PATH, stdio:COMMAND or the like");
  }
}

async function runtime(): Promise<typeof import("@rpcgen/runtime")> {
  try {
    return await import("@rpcgen/runtime");
  } catch (error) {
    if ((error as { readonly code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CallError("the package @rpcgen/runtime, which makes the calls, is not installed", "npm install @rpcgen/runtime");
  }
}

function tlsOf(invocation: Invocation): ConnectOptions["tls"] {
  const { ca, cert, key } = invocation.options;
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  if ((cert === undefined) !== (key === undefined)) throw new CallError("a certificate needs its key, and a key its certificate", "give both --cert and --key");
  const [authority, certificate, secret] = [ca, cert, key].map((file) => (file === undefined ? undefined : pem(file, invocation)));
  return { ...(authority !== undefined && { ca: authority }), ...(certificate !== undefined && { cert: certificate, key: secret }) };
}

/** The text of a certificate or key. @throws CallError if it cannot be read. */
export function pem(file: string, { host }: Invocation): string {
  try {
    return String(host.fs.readFileSync(path.resolve(host.cwd, file), "utf8"));
  } catch (error) {
    const { missing, text } = reasonOf(error);
    throw new CallError(`"${file}" cannot be read: ${missing ? "there is no such file" : text}`);
  }
}

/** Tells people of each attempt, as it goes. */
function teller({ host }: Invocation): Observe {
  const tell = (line: string): void => host.stderr.write(`${shown(line)}\n`);
  return ({ method }) => ({
    attempt: ({ number, peer, instance, bytes }) => tell(`${method.path}: attempt ${number} to ${peer.address} over ${peer.transport}, instance ${instance}, ${bytes} bytes`),
    end: ({ code, executed, attempts, sentBytes, receivedBytes, durationMs }) =>
      tell(`${method.path}: ${code}, executed: ${executed}, ${attempts} ${attempts === 1 ? "attempt" : "attempts"}, ${sentBytes} bytes out, ${receivedBytes} bytes in, ${durationMs.toFixed(1)} ms`),
  });
}
