// What the texts of the shapes are made of, and the time they are set in.
export const ASCII = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.,';
export const CJK = [...'汉字商品描述价格优惠新款上市全国包邮日本語韓国質量保証春夏秋冬電子書籍'];
export const MIXED = [...ASCII.repeat(3), ...CJK, ...'éüñßøЖдλπ', '😀', '🚀'];
export const TS = 1_790_000_000_000_000; // microseconds, about 2026
