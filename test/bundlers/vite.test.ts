/** Vite's development server in a real browser: a page calls, an edited .idl reaches it, a mistake is shown over it and goes when it is mended. */
import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import rpcgen from "rpcgen/vite";
import { createLogger, createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { bundlers } from "./bundlers.js";
import { TestProject } from "./project.js";

const CHROMIUM = "/usr/bin/chromium";

let browser: Browser;

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) throw new Error(`these tests need ${CHROMIUM}, of Debian's package chromium`);
  browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false, args: ["--disable-gpu", "--disable-dev-shm-usage"] });
});

afterAll(() => browser?.close());

interface Opened {
  readonly project: TestProject;
  readonly page: Page;
  /** What the page shows. */
  readonly shown: () => Promise<string | null>;
  readonly shows: (text: string) => Promise<void>;
  /** The text of the overlay. */
  readonly overlay: (text: string) => Promise<string>;
  /** The page is as it was loaded the first time. */
  readonly isSame: () => Promise<boolean>;
}

async function open(main: string, files: Readonly<Record<string, string>> = {}): Promise<Opened> {
  const project = new TestProject();
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  project.write("index.html", '<!doctype html><p id="out"></p><script type="module" src="/src/main.js"></script>');
  project.write("src/main.js", main);
  const server: ViteDevServer = await createServer({
    root: project.folder,
    configFile: false,
    logLevel: "silent",
    plugins: [rpcgen()],
    // Of this project alone: each has its own.
    cacheDir: project.at(".vite"),
    server: { host: "127.0.0.1", port: 0 },
  });
  await server.listen();
  onTestFinished(() => server.close());
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(server.resolvedUrls?.local[0] ?? "");
  const out = page.locator("#out");
  return {
    project,
    page,
    shown: () => out.textContent(),
    shows: (text) => page.waitForFunction((wanted) => document.querySelector("#out")?.textContent === wanted, text).then(() => {}),
    overlay: async (text) => {
      await page.waitForFunction((wanted) => document.querySelector("vite-error-overlay")?.shadowRoot?.textContent?.includes(wanted), text);
      return page.evaluate(() => document.querySelector("vite-error-overlay")?.shadowRoot?.textContent ?? "");
    },
    isSame: () => page.evaluate(() => "mark" in globalThis),
  };
}

const limit = `import { LIMIT } from "./shop.idl";
document.querySelector("#out").textContent = "limit " + LIMIT;`;

test("a page calls a live server with what it imported", async () => {
  const project = new TestProject();
  await bundlers.find(({ name }) => name === "Vite")?.build(project.folder);
  // Pages of any origin.
  const { line } = await project.firstLine("dist/server.js", "ws://127.0.0.1:0/shop", "*");
  const { shows } = await open(`import { connect } from "@rpcgen/runtime";
import { ShopClient, SoldOut } from "./shop.idl";
const shop = new ShopClient(await connect(${JSON.stringify(line)}));
const { id } = await shop.order({ item: "lamp" });
const soldOut = await shop.order({ item: "moon" }).catch((error) => error instanceof SoldOut && error.item);
document.querySelector("#out").textContent = id + ", no " + soldOut;`);
  await shows("order of lamp, no moon");
});

test("an edited .idl loads the page anew", async () => {
  const { project, shows } = await open(limit);
  await shows("limit 3");
  project.edit("src/shop.idl", "LIMIT: u32 = 3", "LIMIT: u32 = 4");
  await shows("limit 4");
});

test("an edited .idl replaces the module that imports it and accepts that, and the page stays", async () => {
  const { project, page, shows, isSame } = await open(`${limit}\nimport.meta.hot.accept();`);
  await shows("limit 3");
  await page.evaluate(() => Object.assign(globalThis, { mark: true }));
  project.edit("src/shop.idl", "LIMIT: u32 = 3", "LIMIT: u32 = 4");
  await shows("limit 4");
  expect(await isSame()).toBe(true);
});

test("an edited file that the .idl imports reaches what is made from it", async () => {
  const { project, page, shows, isSame } = await open(`import { OrderCodec } from "./shop.idl";
const { price } = OrderCodec.decode(OrderCodec.encode({ id: "a", price: { cents: 1n }, items: [] }));
document.querySelector("#out").textContent = "currency " + price.currency;
import.meta.hot.accept();`);
  await shows("currency 0");
  await page.evaluate(() => Object.assign(globalThis, { mark: true }));
  project.edit("src/shared/money.idl", "@default(Currency.EUR)", "@default(Currency.USD)");
  await shows("currency 1");
  expect(await isSame()).toBe(true);
});

test("a mistake is shown over the page with its line, and goes when it is mended", async () => {
  const { project, shows, overlay, page } = await open(limit);
  await shows("limit 3");
  project.edit("src/shop.idl", "id: string", "id: strin");
  const shown = await overlay("RPC2024");
  expect(shown).toContain('There is no type "strin"');
  expect(shown).toContain("8 | message Order { id: strin = 1;");
  expect(shown).toContain('did you mean "string"?');
  expect(shown).toContain("src/shop.idl:8:20");
  project.edit("src/shop.idl", "id: strin ", "id: string ");
  project.edit("src/shop.idl", "LIMIT: u32 = 3", "LIMIT: u32 = 5");
  await shows("limit 5");
  expect(await page.locator("vite-error-overlay").count()).toBe(0);
});

test("a mistake in an imported file that is there from the start goes when it is mended", async () => {
  const { overlay, shows, project } = await open(limit.replace("./shop.idl", "./whole.idl"), {
    "src/part.idl": "package part;\nmessage Part { a: u99 = 1; }\n",
    "src/whole.idl": 'package whole;\nimport "./part.idl";\nconst LIMIT: u32 = 7;\nmessage Whole { part: part.Part = 1; }\n',
  });
  expect(await overlay("u99")).toContain("src/part.idl:2:19");
  project.edit("src/part.idl", "u99", "u32");
  await shows("limit 7");
});

test("an imported file that is not there is told, and missed no more once it is", async () => {
  const { overlay, shows, project } = await open(limit.replace("./shop.idl", "./whole.idl"), {
    "src/whole.idl": 'package whole;\nimport "./part.idl";\nconst LIMIT: u32 = 8;\n',
  });
  expect(await overlay("RPC2004")).toContain('import "./part.idl";');
  project.write("src/part.idl", "package part;\nmessage Part { a: u32 = 1; }\n");
  await shows("limit 8");
});

test("a configuration that comes and cannot be used is shown over the page, until it is mended", async () => {
  const { overlay, shows, project, page } = await open(limit);
  await shows("limit 3");
  project.write("rpcgen.config.mjs", "export default { lnt: {} };\n");
  const shown = await overlay("RPC7017");
  expect(shown).toContain('"lnt" is no setting');
  expect(shown).toContain("rpcgen.config.mjs:1:18");
  project.write("rpcgen.config.mjs", "export default { lint: {} };\n");
  await shows("limit 3");
  expect(await page.locator("vite-error-overlay").count()).toBe(0);
});

test("a file that is gone takes its types along, and brings them back", async () => {
  const { overlay, shows, project } = await open(limit);
  await shows("limit 3");
  project.move("src/shop.idl", project.at("src/store.idl"));
  await overlay("shop.idl");
  expect(project.has("src/shop.idl.d.ts")).toBe(false);
  project.move("src/store.idl", project.at("src/shop.idl"));
  await shows("limit 3");
  expect(project.has("src/shop.idl.d.ts")).toBe(true);
});

test("a server tells a warning with its line once", async () => {
  const project = new TestProject();
  project.write("rpcgen.config.mjs", 'export default { lint: { sets: [], rules: { "comment-type": "warning" } } };\n');
  const told: string[] = [];
  const customLogger = { ...createLogger("silent"), warn: (text: string) => void told.push(text) };
  const server = await createServer({ root: project.folder, configFile: false, customLogger, plugins: [rpcgen({ lint: true })], cacheDir: project.at(".vite"), server: { middlewareMode: true, ws: false } });
  onTestFinished(() => server.close());
  await server.transformRequest("/src/shop.idl");
  const warning = told.find((text) => text.includes('message "Order" has no documentation')) ?? "";
  expect(warning.split("message Order {")).toHaveLength(2);
});
