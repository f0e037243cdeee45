// A brown-out of a real server: node overload/run.js [--loads 70,85,95] [--factor 10] [--warm 5] [--trigger 10] [--after 25]
// Processes over TCP: a server of PLACES places, and clients that call at a share of what it can do. For some seconds its
// service takes ten times as long. What is to be seen is whether it comes back when that is over, and how many attempts the
// calls became. The server waits and does not compute, so that a neighbour on the machine decides nothing.
import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { args } from '../lib/args.js';
import { overloadPlot } from '../lib/plot.js';
import { table } from '../lib/stats.js';
import { POLICIES } from './policies.js';
import { PLACES } from './service.js';

const o = args({ loads: '70,85,95', policies: POLICIES.map((_, index) => index).join(','), factor: 10, warm: 5, trigger: 10, after: 25, processes: 2, channels: 8, bin: 500, seed: 1, tries: 8 });
const binMs = o.bin, bins = Math.round(((o.warm + o.trigger + o.after) * 1000) / binMs);
/** A second counts as recovered when so many of its calls succeed, and so do those of the three seconds behind it. */
const WELL = 0.99, STAYS_S = 3;
/** A run in which one of the processes stood still for longer, in ms, shows the machine and not the server: it is made again. */
const PAUSE_MS = 250;

const next = (child) => new Promise((ok, no) => { child.once('message', ok); child.once('exit', (code) => no(new Error(`a process ended with ${code}`))); });
const start = async (script, ...argv) => {
  const child = fork(new URL(script, import.meta.url), argv);
  return { child, said: await next(child) };
};
const ask = async (child, job) => { const answer = next(child); child.send(job); return answer; };

async function capacity() {
  const { child: server, said: { address } } = await start('server.js', 'bounded');
  const { child: client } = await start('client.js');
  const rate = await ask(client, { address, window: PLACES, ms: 3000 });
  server.disconnect();
  return rate;
}

async function brownOut(policy, rate) {
  const { child: server, said: { address } } = await start('server.js', POLICIES[policy].bounded ? 'bounded' : 'unbounded');
  const clients = await Promise.all(Array.from({ length: o.processes }, () => start('client.js')));
  const from = Date.now() + 500, slowFrom = from + o.warm * 1000;
  server.send({ slowFrom, slowUntil: slowFrom + o.trigger * 1000, factor: o.factor });
  const told = await Promise.all(clients.map(({ child }, index) => ask(child, { address, policy, channels: o.channels, rate: rate / o.processes, seed: o.seed + index, from, bins, binMs })));
  const pause = Math.max(await ask(server, 'pause'), ...told.map((one) => one.pause));
  server.disconnect();
  const parts = told.map(({ out }) => out);
  return { pause, run: parts[0].map((_, bin) => Object.fromEntries(['calls', 'sent', 'ok', 'attempts'].map((key) => [key, parts.reduce((sum, part) => sum + part[bin][key], 0)]))) };
}

const sum = (list, key) => list.reduce((total, bin) => total + bin[key], 0);
const share = (list) => sum(list, 'ok') / Math.max(1, sum(list, 'calls'));
const binsIn = (seconds) => Math.round((seconds * 1000) / binMs);
/** Seconds from the end of the trigger to the first second that is well and stays so; Infinity: none that was seen. */
function recovery(run) {
  const over = binsIn(o.warm + o.trigger), second = binsIn(1);
  for (let bin = over; bin + second * (1 + STAYS_S) <= run.length; bin++) {
    const seconds = Array.from({ length: 1 + STAYS_S }, (_, n) => run.slice(bin + n * second, bin + (n + 1) * second));
    if (seconds.every((each) => share(each) >= WELL)) return ((bin - over) * binMs) / 1000;
  }
  return Infinity;
}

const most = await capacity();
console.log(`The server does ${Math.round(most)} calls a second; ${o.warm} s of load, ${o.trigger} s of service ${o.factor} times as long, ${o.after} s more. Load of the machine ${os.loadavg()[0].toFixed(1)}.\n`);
const rows = [], plotted = [], raw = [];
for (const load of String(o.loads).split(',').map(Number)) {
  for (const policy of String(o.policies).split(',').map(Number)) {
    const { name } = POLICIES[policy];
    let told = await brownOut(policy, (most * load) / 100);
    for (let tries = 1; told.pause > PAUSE_MS && tries < o.tries; tries++) {
      console.error(`${name} at ${load} %: a process stood still for ${Math.round(told.pause)} ms; once more`);
      told = await brownOut(policy, (most * load) / 100);
    }
    const { run, pause } = told;
    const before = run.slice(binsIn(Math.min(2, o.warm / 2)), binsIn(o.warm)), during = run.slice(binsIn(o.warm), binsIn(o.warm + o.trigger));
    const amplification = sum(run, 'attempts') / sum(run, 'calls');
    const peak = Math.max(...run.map((bin) => bin.attempts / Math.max(1, bin.calls)));
    const recovered = recovery(run);
    const percent = (list) => `${(100 * share(list)).toFixed(1)} %`;
    rows.push([name, `${load} %`, percent(before), percent(during), Number.isFinite(recovered) ? `${recovered.toFixed(1)} s` : `not in ${o.after} s`, amplification.toFixed(3), (sum(run, 'attempts') / sum(run, 'sent')).toFixed(3), peak.toFixed(2), String(sum(run, 'calls')), `${Math.round(pause)} ms`]);
    raw.push({ name, load, run });
    for (const [index, { calls, ok }] of run.entries()) plotted.push({ policy: name, load: `${load} % load`, second: (index * binMs) / 1000 - o.warm, share: (100 * ok) / Math.max(1, calls) });
    console.error(rows.at(-1).join('  '));
  }
}
console.log(table(['policy', 'load', 'succeed before', 'during', 'recovered after', 'attempts a call', 'a call that was sent', 'most in half a second', 'calls', 'longest pause'], rows));
console.log('\n' + POLICIES.map(({ name, note }) => `- ${name}: ${note}`).join('\n'));
fs.mkdirSync(new URL('../results/', import.meta.url), { recursive: true });
fs.writeFileSync(new URL('../results/overload.json', import.meta.url), JSON.stringify(raw));
overloadPlot(new URL('../results/overload.svg', import.meta.url), plotted, o.trigger);
