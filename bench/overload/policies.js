// What is compared: how the server protects itself, and how its clients try again. One row a policy.
import { channelCalls, naiveCalls } from './calls.js';

export const POLICIES = [
  {
    name: 'rpcgen, defaults',
    note: 'bounded queue, expired work dropped; retries from a budget, throttle, attempts given up by p99.9',
    bounded: true,
    calls: channelCalls(3),
  },
  { name: 'no retry', note: 'a queue without a bound; one attempt a call', bounded: false, calls: channelCalls(1) },
  { name: '3 attempts', note: 'a queue without a bound; 3 attempts of 250 ms, full jitter, no budget', bounded: false, calls: naiveCalls },
  { name: '3 attempts, bounded queue', note: 'the same clients; rpcgen\'s server alone protects itself', bounded: true, calls: naiveCalls },
];
