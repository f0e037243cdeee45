/** `import { verify } from "rpcgen/verify"`: the claims of annotations, tested on handlers from within a test of one's own. */
export { differences } from "./difference.js";
export { parseReplay, type Replay } from "./replay.js";
export { subjectsOf, type Subject } from "./subject.js";
export { SubjectError } from "./subject-error.js";
export { verify, type CounterExample, type Verdict, type Verification, type VerifyOptions } from "./verify.js";
