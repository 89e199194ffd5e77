// Numbers as people type them. What could be meant in another way is asked back, never guessed.

const GROUPED = /^[1-9]\d{0,2}([ ,'])\d{3}(?:\1\d{3})*(?:\.\d*)?$/; // 1,200  1 200.50  1'200
const DECIMAL_POINT = /^(?:\d+\.?\d*|\.\d+)$/;
const DECIMAL_COMMA = /^\d*,\d\d?$/; // 0,5  12,50
const CONTINENTAL = /^[1-9]\d{0,2}([ .'])\d{3}(?:\1\d{3})*,\d+$|^[1-9]\d{0,2}(?:\.\d{3}){2,}$/; // 1.200,50  1.200.300
const LONG_COMMA = /^0?,\d{3,}$/; // 0,125
const POINT_OR_GROUP = /^[1-9]\d{0,2}\.\d00$/; // 51.000
const FRACTION = /^(?:(\d+) +)?(\d+) *\/ *(\d+)$/; // 1/2  1 1/2

const TYPED_NUMBER = new RegExp([
  "^(?<minus>[-+])? *(?<money>US\\$|[$€£]|USD|EUR|GBP)? *(?<after>[-+])? *",
  "(?<body>(?:\\d+ +)?\\d+ *\\/ *\\d+|[\\d.,][\\d.,' ]*?) *(?<power>e[-+]?\\d+)? *",
  "(?<rest>[$€£¢]|[%a-zµ°/][a-zµ°/%. -]*)?$",
].join(""), "i");
/** @type {Record<string, string>} */
const CURRENCY_SYMBOLS = { "US$": "$", USD: "$", DOLLAR: "$", DOLLARS: "$", EUR: "€", GBP: "£" };
/** @type {Record<string, number>} */
const MULTIPLIERS = { k: 1e3, K: 1e3, thousand: 1e3, M: 1e6, million: 1e6, billion: 1e9 };

/**
 * @typedef {{ value: number, read: string, percent: boolean, unit: string, times?: number, error?: undefined }} Parsed
 * @typedef {{ error: string, asks?: string[] }} Unread in words; `asks` holds what may be meant
 */

/** Asks which of `asks` was meant; each of them can be typed. @type {(...asks: string[]) => Unread} */
export const askBack = (...asks) => ({
  asks,
  error: `Do you mean ${asks.join(" or ")}? Type ${asks.length > 1 ? "the one you mean" : "it so"}.`,
});

/**
 * What digits with separators may mean, each with a point and nothing else; none where separators make no sense, and
 * `sure` where it can be nothing else.
 *
 * @param {string} body
 * @returns {{ sure?: string, asks?: string[] }}
 */
const readDigits = (body) => {
  const fraction = FRACTION.exec(body);
  if (fraction) return { sure: String(Number(fraction[1] ?? 0) + Number(fraction[2]) / Number(fraction[3])) };
  if (GROUPED.test(body)) return { sure: body.replace(/[ ,']/g, "") };
  if (DECIMAL_COMMA.test(body)) return { sure: body.replace(",", ".") };
  if (CONTINENTAL.test(body)) return { asks: [body.replace(/[ .']/g, "").replace(",", ".")] };
  if (LONG_COMMA.test(body)) return { asks: [body.replace(/^0?,/, "0.")] };
  if (POINT_OR_GROUP.test(body)) return { asks: [String(Number(body)), body.replace(".", "")] };
  return DECIMAL_POINT.test(body) ? { sure: body } : {};
};

/** Typed text with one way of writing signs, powers and fractions. @param {string} typed */
const normalizeTyped = (typed) => typed
  .replace(/(\d)([¼-¾⅐-⅞])/g, "$1 $2") // 1½ is 1 1/2, not 11/2
  .replace(/[\u00b2\u00b3\u00b9\u2070-\u209c]/g, "^") // 10² is not 102
  .normalize("NFKC").replace(/[‐-―−]/g, "-").replace(/⁄/g, "/").replace(/’/g, "'").trim()
  .replace(/^[=~≈] */, "").replace(/ *[×x*] *10 *\^ *(?=[-+]?\d)/i, "e");

/**
 * A unit as typed after a number, and the factor that may stand before it: "k units" is a thousand units.
 *
 * @param {string} rest
 */
const splitMultiplier = (rest) => {
  const factor = /^(?:k|M|thousand|million|billion)(?![a-z])/i.exec(rest)?.[0] ?? "";
  const times = MULTIPLIERS[factor.length > 1 ? factor.toLowerCase() : factor];
  const unit = (times ? rest.slice(factor.length) : rest).trim();
  return { times, unit, percent: /^(%|percent\b|per cent\b|pct\b)/i.test(unit) };
};

/**
 * The sign of a currency before the number or as its unit, or "".
 *
 * @param {string | undefined} money
 * @param {string} unit
 */
const currencyOf = (money, unit) => {
  const symbol = money ?? (/^([$€£]|USD|EUR|GBP|dollars?)$/i.test(unit) ? unit : "");
  return CURRENCY_SYMBOLS[symbol.toUpperCase()] ?? symbol;
};

/**
 * The parts of a typed number: its digits with a point, sign, power of ten, currency and what follows; `asks` where
 * several numbers may be meant; undefined where it is none.
 *
 * @param {string} text
 */
const splitNumber = (text) => {
  const groups = TYPED_NUMBER.exec(text)?.groups;
  if (!groups || (groups.minus && groups.after)) return undefined;
  const { minus, money, after, body, power = "", rest = "" } = groups;
  const { sure, asks } = readDigits(body.trim());
  if (asks) return { asks: asks.map((plain) => text.replace(body, plain)) };
  if (!sure) return undefined;
  const plain = sure.replace(/^\./, "0.").replace(/\.$/, "");
  return { plain, body, power, rest, money, sign: (minus ?? after) === "-" ? "-" : "" };
};

/** @type {(text: string, suffix: string) => string} */
const withSuffix = (text, suffix) => (suffix && suffix !== "%" ? `${text} ${suffix}` : text + suffix);

/**
 * What was typed, as `{ value, read, percent, unit, times }`, or `{ error }` in words.
 * "12.5%" has the value 0.125 and `percent`; `unit` is what followed the number (or "$", "€", "£"), `times` a factor
 * such as the k of 51k, which is in the value; `read` says how it was understood, without separators that a reader
 * could take the other way.
 *
 * @param {string} typed
 * @returns {Parsed | Unread}
 */
export const parseNumber = (typed) => {
  const text = normalizeTyped(typed);
  if (text === "") return { error: "Type a number." };
  const unread = { error: `“${typed.trim()}” does not read as one number; write it like 1200 or 12.5.` };
  const found = splitNumber(text);
  if (!found) return unread;
  if (found.asks) return askBack(...found.asks);
  const { plain, body, power, money, sign } = found;
  const { times, unit, percent } = splitMultiplier(found.rest);
  const currency = currencyOf(money, unit);
  const size = Number(plain + power) * (times ?? 1);
  if (!Number.isFinite(size)) return unread;

  const shown = power || times || FRACTION.test(body) ? String(Number(size.toPrecision(12))) : plain;
  const suffix = percent ? "%" : currency && !money ? "" : unit;
  return {
    value: Number(sign + size) / (percent ? 100 : 1),
    read: sign + currency + withSuffix(shown, suffix),
    percent,
    unit: currency || suffix,
    times,
  };
};

/**
 * Whether a typed unit means the wanted one: "$" for USD per order, "day" for days, "orders/day" for orders a day.
 *
 * @param {string} typed
 * @param {string} wanted
 */
export const sameUnit = (typed, wanted) => {
  /** @param {string} unit */
  const normalizeUnit = (unit) => `${unit.toLowerCase().replace("$", "usd").replace("¢", "cent")
    .replace(/ (?:an?|per) | ?\/ ?/g, " per ").replace(/s\b/g, "").trim()} `;
  return normalizeUnit(wanted).startsWith(normalizeUnit(typed));
};
