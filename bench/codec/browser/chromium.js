// Drives headless Chromium: a page for each adapter and shape, each in a browser context of its own, served from this process under a
// Content-Security-Policy that allows scripts of the same origin and no `unsafe-eval`. A page has no clock but the wall's; so the calls are
// timed from here, by the CPU time of the page's process, as codec rates are in Node.
import http from 'node:http';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const POLICY = "default-src 'none'; script-src 'self'";
const codec = new URL('..', import.meta.url).pathname;

/** One module per adapter, as a bundler makes it for browsers: by the packages' conditions for these, without anything of Node's. */
async function bundle(file) {
  const { outputFiles } = await build({
    stdin: { contents: `import peer from './adapters/${file}.js';\nimport { run } from './browser/page.js';\nrun('${file}', peer);`, resolveDir: codec },
    bundle: true, format: 'esm', platform: 'browser', target: 'chrome120', write: false, logLevel: 'silent',
  });
  return outputFiles[0].text;
}

function serveScripts(scripts) {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const headers = { 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store' };
    if (scripts.has(pathname)) response.writeHead(200, { ...headers, 'Content-Type': 'text/javascript' }).end(scripts.get(pathname));
    else if (pathname.endsWith('.html')) response.writeHead(200, { ...headers, 'Content-Type': 'text/html' }).end(`<!doctype html><meta charset="utf-8"><script type="module" src="${pathname.replace('.html', '.js')}"></script>`);
    else response.writeHead(404, headers).end();
  });
  return new Promise((ok) => server.listen(0, '127.0.0.1', () => ok(server)));
}

/** Calls `bench` in a page, and tells what its process spent meanwhile. */
async function control(context, page) {
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const spent = async () => (await session.send('Performance.getMetrics')).metrics.find((m) => m.name === 'ProcessTime').value * 1e3;
  const call = async (expression) => {
    // Without the last, what is called from here could use eval as it liked.
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', { expression, returnByValue: true, allowUnsafeEvalBlockedByCSP: false });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  return {
    call,
    /** Milliseconds of CPU time that `calls` calls take. */
    async cost(way, calls) { const before = await spent(); await call(`bench.${way}(${calls})`); return (await spent()) - before; },
  };
}

/** Opens the browser. `measure` answers as measure.js prints. */
export async function openChromium(executablePath) {
  const { chromium } = createRequire(new URL('../../runtimes/package.json', import.meta.url))('playwright-core');
  const scripts = new Map(), server = await serveScripts(scripts);
  // launch() makes a profile of its own in a temporary folder, and removes it.
  const browser = await chromium.launch({
    executablePath, headless: true, chromiumSandbox: false,
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return {
    version: browser.version(),
    async measure(file, shape, { rounds, ms, warm }) {
      if (!scripts.has(`/${file}.js`)) scripts.set(`/${file}.js`, await bundle(file));
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        let broken;
        page.on('pageerror', (error) => { broken ??= error; });
        await page.goto(`http://127.0.0.1:${server.address().port}/${file}.html`);
        if (broken) throw broken;
        const { call, cost } = await control(context, page);
        const job = await call(`bench.open('${shape}')`);
        if (job === null) return { failures: [], results: [] };
        if (job.failure) return { failures: [job.failure], results: [] };
        // The process's clock advances in steps of 10 ms.
        const slice = 4 * ms, rates = { enc: [], dec: [], lazy: [] };
        for (const way of ['enc', 'dec']) {
          // As many calls as take a slice, found while warming up.
          let calls = 1, total = 0, last = 0;
          while (last < slice || total < warm) { last = await cost(way, calls); total += last; if (last < slice) calls *= 2; }
          for (let r = 0; r < rounds; r++) rates[way].push(calls / ((await cost(way, calls)) / 1e3));
        }
        return { failures: [], results: [{ ...job, ...rates }] };
      } finally { await context.close(); }
    },
    async close() { await browser.close(); server.close(); },
  };
}
