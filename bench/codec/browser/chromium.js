// Drives headless Chromium: a page for each adapter and shape, each in a browser context of its own, served from this process under
// a Content-Security-Policy that allows scripts of the same origin and no `unsafe-eval`.
import http from 'node:http';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'";
const codec = new URL('..', import.meta.url).pathname;

/** One module per adapter, as a bundler makes it for browsers: by the packages' conditions for these, without anything of Node's. */
async function bundle(file) {
  const { outputFiles } = await build({
    stdin: { contents: `import peer from './adapters/${file}.js';\nimport { run } from './browser/page.js';\nrun('${file}', peer);`, resolveDir: codec },
    bundle: true, format: 'esm', platform: 'browser', target: 'chrome120', write: false, logLevel: 'silent',
  });
  return outputFiles[0].text;
}

/** Opens the browser. `measure` answers as measure.js prints. */
export async function openChromium(executablePath) {
  const { chromium } = createRequire(new URL('../../runtimes/package.json', import.meta.url))('playwright-core');
  const scripts = new Map();
  let posted;
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    // The two of Cross-Origin make the page isolated, which gives it the finer clock.
    const headers = { 'Content-Security-Policy': POLICY, 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cache-Control': 'no-store' };
    if (pathname === '/figures') {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(204, headers).end();
      posted?.(JSON.parse(body));
    } else if (pathname.endsWith('.js') && scripts.has(pathname)) response.writeHead(200, { ...headers, 'Content-Type': 'text/javascript' }).end(scripts.get(pathname));
    else if (pathname.endsWith('.html')) response.writeHead(200, { ...headers, 'Content-Type': 'text/html' }).end(`<!doctype html><meta charset="utf-8"><script type="module" src="${pathname.replace('.html', '.js')}"></script>`);
    else response.writeHead(404, headers).end();
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  const origin = `http://127.0.0.1:${server.address().port}`;
  // launch() makes a profile of its own in a temporary folder, and removes it.
  const browser = await chromium.launch({
    executablePath, headless: true, chromiumSandbox: false,
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return {
    version: browser.version(),
    async measure(file, shape, { rounds, ms, warm }) {
      const path = `/${file}.js`;
      if (!scripts.has(path)) scripts.set(path, await bundle(file));
      const context = await browser.newContext();
      const figures = new Promise((ok, no) => { posted = ok; setTimeout(() => no(new Error('the page did not answer within 120 s')), 120_000).unref(); });
      const page = await context.newPage();
      const broken = new Promise((_, no) => page.on('pageerror', no));
      try {
        await page.goto(`${origin}/${file}.html?${new URLSearchParams({ shape, rounds, ms, warm })}`);
        return await Promise.race([figures, broken]);
      } finally { figures.catch(() => {}); broken.catch(() => {}); await context.close(); }
    },
    async close() { await browser.close(); server.close(); },
  };
}
