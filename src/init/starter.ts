/** The files of a new project: it compiles, serves, calls and tests itself as it is. */
import { CLIENT, HANDLERS, IDL, MAIN, SERVER, TEST, VERIFY } from "./starter-code.js";

export interface StarterFile {
  /** From the folder of the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** What the project installs, as npm writes ranges. */
export interface StarterPackages {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export function starterFiles(name: string, packages: StarterPackages): StarterFile[] {
  return [
    { path: "package.json", text: json(manifest(name, packages)) },
    { path: "tsconfig.json", text: json(TSCONFIG) },
    { path: "rpcgen.config.ts", text: CONFIG },
    { path: ".gitignore", text: "node_modules/\n" },
    { path: "idl/orders.idl", text: IDL },
    { path: "src/handlers.ts", text: HANDLERS },
    { path: "src/server.ts", text: SERVER },
    { path: "src/client.ts", text: CLIENT },
    { path: "src/main.ts", text: MAIN },
    { path: "test/orders.test.ts", text: TEST },
    { path: "test/orders.verify.ts", text: VERIFY },
  ];
}

function manifest(name: string, packages: StarterPackages) {
  return {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: {
      start: "rpcgen generate && tsx src/main.ts",
      serve: "tsx src/main.ts serve",
      call: "tsx src/main.ts call",
      generate: "rpcgen generate",
      watch: "rpcgen generate --watch",
      check: "rpcgen lint && rpcgen format --check && rpcgen generate --check && tsc",
      test: "rpcgen generate && rpcgen verify --handlers test/orders.verify.ts --runs 10 && node --import tsx --test test/orders.test.ts",
    },
    ...packages,
  };
}

const TSCONFIG = {
  compilerOptions: {
    target: "ES2023",
    module: "NodeNext",
    strict: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
  },
  include: ["rpcgen.config.ts", "src", "test"],
};

const CONFIG = `import { defineConfig } from "rpcgen";

/** What commands of rpcgen do here that are told nothing else. */
export default defineConfig({
  sources: ["idl/**/*.idl"],
  root: "idl",
  out: "src/gen",
});
`;

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
