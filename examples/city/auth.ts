/** The auth service, a process of its own. Prints its address as the first line. */
import { randomUUID } from "node:crypto";
import { serve } from "@rpcgen/runtime";
import { authService, UnknownToken, type Citizen } from "./gen/auth.js";
import { Runs } from "./runs.js";

const runs = new Runs();
const sessions = new Map<string, Citizen>();

const server = await serve({
  listen: [process.argv[2] ?? "tcp://127.0.0.1:0"],
  services: [
    authService({
      signIn({ name }) {
        runs.add("signIn");
        const token = randomUUID();
        const citizen = { id: `citizen-${name.toLowerCase()}`, name };
        sessions.set(token, citizen);
        return { citizen, token };
      },
      whoIs({ token }) {
        runs.add("whoIs");
        const citizen = sessions.get(token);
        if (citizen === undefined) throw new UnknownToken();
        return citizen;
      },
      runs: () => runs.snapshot(),
    }),
  ],
});
console.log(server.addresses[0]);
process.on("SIGTERM", () => void server.close({ graceMs: 500 }));
