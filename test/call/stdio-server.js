/** Serves a schema and nothing else on its standard input and output: plain JavaScript, which starts at once. */
import { serve } from "@rpcgen/runtime";
import { reflectionService } from "@rpcgen/runtime/reflection";

await serve({ listen: "stdio:", services: [reflectionService({ path: "a.idl", text: "package a;\nservice Silent {}\n", imports: [] })] });
