// 200 lines of a conversation: short texts, most in ASCII, some with accents, other scripts or emoji.
import { rng } from '../../lib/rand.js';
import { CJK, TS } from './alphabets.js';

const WORDS = 'the a we they build test again tomorrow ok thanks lunch at noon who has keys for it now please review merged broken again nice'.split(' ');
const LATIN = 'café déjà vu mañana naïve über straße garçon señor crème où être größer på smörgås'.split(' ');
const CYRILLIC = 'привет завтра спасибо да нет хорошо'.split(' ');
const EMOJI = ['😀', '🚀', '👍', '🎉', '❤️', '👩‍💻'];
const PEOPLE = ['Ana', 'José', 'Zoë', 'Bob', 'Ирина', '小林', 'Max', 'Łukasz'];

export default {
  root: 'Chat',
  data() {
    const r = rng(22);
    const words = (n, list) => Array.from({ length: n }, () => r.pick(list)).join(' ');
    const body = () => {
      const k = r.next();
      const text = k < 0.6 ? words(r.int(1, 14), WORDS) : k < 0.8 ? words(r.int(1, 8), [...WORDS, ...LATIN]) : k < 0.87 ? words(r.int(1, 6), CYRILLIC) : k < 0.93 ? r.text(r.int(2, 24), CJK) : words(r.int(0, 5), WORDS) + r.pick(EMOJI);
      return r.flat(text);
    };
    let at = TS;
    return {
      room: r.flat('Größere Pläne'),
      lines: Array.from({ length: 200 }, (_, id) => {
        const line = { id: id + 1, at: (at += r.int(1, 60e6)), from: r.flat(r.pick(PEOPLE)), text: body() };
        if (r.chance(0.2)) line.replyTo = r.int(1, id + 1);
        line.reactions = Array.from({ length: r.chance(0.3) ? r.int(1, 4) : 0 }, () => r.flat(r.pick(EMOJI)));
        return line;
      }),
    };
  },
  to: (v, r) => r.make('Chat', {
    room: v.room,
    lines: v.lines.map((l) => r.make('Line', { id: l.id, at: r.i64(l.at), from: l.from, text: l.text, ...(l.replyTo !== undefined && { replyTo: l.replyTo }), reactions: [...l.reactions] })),
  }),
  from: (n, r) => ({
    room: n.room,
    lines: n.lines.map((l) => ({ id: l.id, at: r.num(l.at), from: l.from, text: l.text, ...(r.has(l, 'replyTo') && { replyTo: l.replyTo }), reactions: [...l.reactions] })),
  }),
};
