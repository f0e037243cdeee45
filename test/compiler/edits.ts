/** Edits of sources as an author makes them, half of them wrong: what an incremental compiler has to live with. */
import { breakingEdits } from "../evolution/breaking-edits.js";
import { ProgramEditor } from "../evolution/program-editor.js";
import { sourcesOf } from "../random/model.js";
import { randomProgram } from "../random/program.js";
import type { Random } from "../random/random.js";

export type Sources = Readonly<Record<string, string>>;

/** Files that see much of each other: constants, enums, aliases, annotations, over two imports and under an alias. */
const KNOWING: Sources = {
  "facts.idl": `package facts;
/// The most.
const MOST: u32 = 5;
alias Id = string;
enum Colour { RED = 0; BLUE = 2; }
annotation shown(as: string, colour?: Colour) on field, message;
message Held { id: Id = 1; }
error Gone { @sensitive why: string = 1; }
`,
  "middle.idl": `package middle;
import "./facts.idl" as facts;
alias Ids = facts.Id[];
const LIMIT: u32 = facts.MOST;
struct Pair { left: u32; right: i16; }
message Keeper { held: facts.Held = 1; ids: Ids = 2; @max(facts.MOST) size: u32 = 3; }
`,
  "top.idl": `package top;
import "./middle.idl";
import "./facts.idl" as facts;
@facts.shown("top", colour: facts.Colour.BLUE)
message Top { keeper?: Keeper = 1; @default(LIMIT) limit: u32 = 2; pairs: Pair[] = 3; @default(facts.Colour.RED) colour: facts.Colour = 4; }
service Tops { @readonly get(id: facts.Id) -> Top throws facts.Gone; }
`,
  "either.idl": `package either;
message Holder { either?: Either = 1; reserved 2; }
union Either { text: string = 1; number: u32 = 2; }
enum State { NONE = 0; DONE = 1; }
`,
};

/** A second use of a union that one field had for itself, and names that an enum had for itself. */
const USER = `package either;
import "./either.idl";
message User { either?: Either = 1; }
enum Other { NONE = 0; DONE = 2; }
`;

export function randomSources(random: Random): Sources {
  return random.chance(0.5) ? KNOWING : { ...sourcesOf(randomProgram(random)), ...(random.chance(0.3) && KNOWING) };
}

const LINES = [
  "message Added { value: u32 = 1; }",
  "message Top { other: string = 1; }",
  "const MOST: u32 = 7;",
  "const LIMIT: string = \"many\";",
  "alias Id = u64;",
  "alias Ids = Id[];",
  "enum Colour { RED = 0; GREEN = 1; }",
  'import "./facts.idl";',
  'import "./middle.idl" as middle;',
  'import "./top.idl";',
  'import "./file0.idl";',
  'import "./nowhere.idl";',
  "service Added { @readonly get() -> Added; }",
  '@wireName("facts.Held") message Renamed {}',
  "message Loop { loop: Loop = 1; }",
  "message Map { own: map<string, Map> = 1; lists: Ids = 2; more: string[] = 3; }",
  "message Writer { @pattern(\"^a\") text: string = 1; @sensitive secret: Writer[] = 2; }",
  "union Either { added: Added = 1; top: Top = 2; many: map<u32, Pair> = 4; }",
  "struct Flat { pair: Pair; at: timestamp; }",
  "message Lists { a: Pair[] = 1; b: Held[] = 2; c: Flat[] = 3; d: Ids = 4; e: map<string, Colour[]> = 5; }",
  "/// A line of documentation.",
  "// A comment.",
  "}",
  "@",
  "/*",
  "",
];

const WORDS = ["u32", "string", "Id", "facts", "message", "Held", "Added", "0", "7", ";", "?", "[]", "Colour", "package"];

type Edit = (sources: Sources, random: Random) => Sources;

function withFile(sources: Sources, random: Random, change: (text: string) => string): Sources {
  const path = random.pick(Object.keys(sources));
  return { ...sources, [path]: change(sources[path] ?? "") };
}

const edits: readonly Edit[] = [
  // A line comes, goes, doubles or moves.
  (sources, random) =>
    withFile(sources, random, (text) => {
      const lines = text.split("\n");
      lines.splice(random.below(lines.length + 1), 0, random.pick(LINES));
      return lines.join("\n");
    }),
  (sources, random) => withFile(sources, random, (text) => text.split("\n").toSpliced(random.below(text.split("\n").length), 1).join("\n")),
  (sources, random) =>
    withFile(sources, random, (text) => {
      const lines = text.split("\n");
      const [line = ""] = lines.splice(random.below(lines.length), 1);
      lines.splice(random.below(lines.length + 1), 0, line);
      return lines.join("\n");
    }),
  // A word is another.
  (sources, random) =>
    withFile(sources, random, (text) => {
      const words = [...text.matchAll(/\w+|[^\s\w]/g)];
      const word = words.length === 0 ? undefined : random.pick(words);
      return word === undefined ? text : text.slice(0, word.index) + random.pick(WORDS) + text.slice(word.index + word[0].length);
    }),
  // Saved by half.
  (sources, random) => withFile(sources, random, (text) => text.slice(0, random.below(text.length + 1))),
  // Only the layout, or a comment.
  (sources, random) => withFile(sources, random, (text) => text.replaceAll("\n", random.chance(0.5) ? "\n\n" : "\n// \u00e9\n")),
  // Files come, go, and are renamed.
  (sources, random) => ({ ...sources, [random.pick(["new.idl", "deep/new.idl", "facts.idl"])]: "package added;\nmessage New { id: u32 = 1; }\n" }),
  (sources, random) => {
    const gone = random.pick(Object.keys(sources));
    return Object.fromEntries(Object.entries(sources).filter(([path]) => path !== gone));
  },
  (sources, random) => {
    const from = random.pick(Object.keys(sources));
    return Object.fromEntries(Object.entries(sources).map(([path, text]) => [path === from ? `moved/${path}` : path, text]));
  },
  (sources) => (sources["user.idl"] === undefined ? { ...sources, "user.idl": USER } : Object.fromEntries(Object.entries(sources).filter(([path]) => path !== "user.idl"))),
  // What was good is there again.
  (sources) => ({ ...sources, ...KNOWING }),
  (sources, random) => {
    const program = randomProgram(random);
    const editor = new ProgramEditor(random, program);
    random.pick(breakingEdits)(editor);
    return { ...sources, ...sourcesOf(random.chance(0.5) ? editor.program : program) };
  },
];

/** There is a source left, for without any there is nothing to compile. */
export function edited(sources: Sources, random: Random): Sources {
  const next = random.pick(edits)(sources, random);
  return Object.keys(next).length === 0 ? sources : next;
}
