/** `npm start`: compiles the city's three services, runs them, cuts their lines, and tells what each annotation was worth. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const idl = "examples/city/idl";
const command = ["generate", `${idl}/auth.idl`, `${idl}/billing.idl`, `${idl}/recommendation.idl`, "--out", "examples/city/gen"];
console.log(`$ rpcgen ${command.join(" ")}`);
execFileSync(process.execPath, ["src/cli/bin.mjs", ...command], { cwd: root, stdio: "inherit" });

// Only now, for the story is written against what was just generated.
const { tell } = await import("./story.js");
await tell();
