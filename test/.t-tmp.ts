import { loadGenerated } from "./load-generated.js";
const g = await loadGenerated({ "w.idl": `package w; message Empty {} struct S { t: string; } message Leaf { next?: Leaf = 1; e: Empty = 2; s: S = 3; } message Mid { next?: Mid = 1; all: Mid[] = 2; } message Root { mid: Mid = 1; } struct SM { next: SM[]; t: string; } message Root2 { s: SM = 1; }` });
const of = (n: string) => g.subjects.find((x) => x.name === n)!.codec;
const bytes = Uint8Array.from([0, ...Array(99).fill(13), ...Array(100).fill(0)]);
const v = of("w.Leaf").decode(bytes);
try { console.log(Buffer.compare(of("w.Leaf").encode(v), bytes)); } catch (e) { console.log("depth", String(e)); }
const mid: any = { all: [] }; mid.next = mid;
try { of("w.Root").encode({ mid }); } catch (e) { console.log("cycle", String(e)); }
const mid2: any = { all: [] }; mid2.all.push(mid2);
try { of("w.Root").encode({ mid: mid2 }); } catch (e) { console.log("cycle list", String(e)); }
const sm: any = { t: "", next: [] }; sm.next.push(sm);
try { of("w.Root2").encode({ s: sm }); } catch (e) { console.log("cycle struct", String(e)); }
let wide: any = { all: [] }; for (let i = 0; i < 40; i++) wide = { all: [wide, wide] };
console.time("wide"); try { of("w.Root").encode({ mid: wide }); } catch (e) { console.log("wide", String(e)); } console.timeEnd("wide");
const one: any = { all: [] };
try { of("w.Root").encode({ mid: { all: Array(600000).fill(one) } }); } catch (e) { console.log("600k", String(e)); }
try { of("w.Root").encode({ mid: { all: Array(340000).fill(one) } }); console.log("340k ok"); } catch (e) { console.log("340k", String(e)); }
