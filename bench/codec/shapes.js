// The shapes. A shape is { root, data(), to(value, rules), from(native, rules) }: the name of its type in every schema, its
// canonical value (plain data; an absent optional is an absent key; i64 are numbers in the safe range, so that lossy peers
// round-trip too, and u64 are bigints), and how a peer's own value is made from that and back.
import chat from './shapes/chat.js';
import geo from './shapes/geo.js';
import ids from './shapes/ids.js';
import log from './shapes/log.js';
import numeric from './shapes/numeric.js';
import points from './shapes/points.js';
import product from './shapes/product.js';
import small from './shapes/small.js';
import sparse from './shapes/sparse.js';
import strings from './shapes/strings.js';
import tree from './shapes/tree.js';

/** What codecs are tuned with. */
export const SEEN = { small, product, numeric, strings, tree, points };
/** What nothing is tuned with: whether a gain is one for others, too, shows here. */
export const UNSEEN = { log, chat, sparse, ids, geo };
export const SHAPES = { ...SEEN, ...UNSEEN };

/** "seen", "unseen", "all", or names joined by commas. */
export function shapeNames(words) {
  const names = { seen: Object.keys(SEEN), unseen: Object.keys(UNSEEN), all: Object.keys(SHAPES) }[words] ?? words.split(',');
  const wrong = names.find((name) => !Object.hasOwn(SHAPES, name));
  if (wrong !== undefined) throw new Error(`no shape is called "${wrong}"; there are ${Object.keys(SHAPES).join(', ')}`);
  return names;
}
