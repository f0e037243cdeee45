// A page of a shop: 20 items, text in two scripts, a map.
import { rng } from '../../lib/rand.js';
import { ASCII, CJK } from './alphabets.js';

export default {
  root: 'Product',
  data() {
    const r = rng(2);
    const items = Array.from({ length: 20 }, (_, i) => ({
      sku: r.text(12, ASCII),
      name: i % 4 === 0 ? r.text(18, CJK) : r.text(28, ASCII),
      qty: r.int(1, 500),
      price: r.int(1, 1e6) / 100,
      tags: [r.text(6, ASCII), r.text(8, ASCII), r.text(5, ASCII)],
    }));
    const attrs = {};
    for (let i = 0; i < 10; i++) attrs[`key-${i}-${r.text(4, ASCII)}`] = i % 3 === 0 ? r.text(10, CJK) : r.text(16, ASCII);
    return {
      id: r.text(16, ASCII), title: r.text(24, CJK), description: r.text(300, ASCII) + r.text(60, CJK),
      price: 1299.5, seller: { name: r.text(20, ASCII), rating: 4.75, verified: true }, items, attrs,
    };
  },
  to: (v, r) => r.make('Product', {
    ...v, seller: r.make('Seller', { ...v.seller }), items: v.items.map((i) => r.make('Item', { ...i, tags: [...i.tags] })), attrs: r.map(v.attrs),
  }),
  from: (n, r) => ({
    id: n.id, title: n.title, description: n.description, price: n.price,
    seller: { name: n.seller.name, rating: n.seller.rating, verified: n.seller.verified },
    items: n.items.map((i) => ({ sku: i.sku, name: i.name, qty: i.qty, price: i.price, tags: [...i.tags] })),
    attrs: r.unmap(n.attrs),
  }),
};
