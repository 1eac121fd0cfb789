// How written Chinese is said aloud: ¥3,200 → 三千二百元, 08:00 → 早上八点. What is nobody else's
// business is never said: numbers of identity cards, bank cards and mobile phones, masked words.
const DIGITS = '零一二三四五六七八九';
const UNTOLD = '，号码不念，请自己看，';
const MEASURES = '个|件|天|次|人|户|小时|张|家|块|份|条|位|名|斤|间|里|公里|门|样|种|年|岁|万|千|分钟';

/** Digit by digit; on the telephone one says 幺. */
const apart = (digits, one = '一') => [...digits].map((digit) => (digit === '1' ? one : DIGITS[digit])).join('');

/** Below ten thousand, with 零 for a gap. */
function below10000(number, begins) {
  let said = '';
  let gap = false;
  for (const [size, unit] of [[1000, '千'], [100, '百'], [10, '十'], [1, '']]) {
    const digit = Math.floor(number / size) % 10;
    if (!digit) { gap = gap || said !== ''; continue; }
    if (gap || (!said && !begins && size < 1000)) said += '零';
    gap = false;
    if (size === 10 && digit === 1 && !said && begins) said += '十';
    else said += (size === 1000 && digit === 2 && !said ? '两' : DIGITS[digit]) + unit;
  }
  return said;
}

/** A whole number as a sum is said. */
function whole(text) {
  const number = Number(text);
  if (!number) return '零';
  if (text.length > 12) return apart(text);
  let said = '';
  for (const [size, unit] of [[1e8, '亿'], [1e4, '万'], [1, '']]) {
    const part = Math.floor(number / size) % 1e4;
    if (part) said += (unit && part === 2 ? '两' : below10000(part, said === '')) + unit;
  }
  return said;
}

function figure(text) {
  const [integer, decimals = ''] = text.replaceAll(',', '').split('.');
  const fraction = decimals.replace(/0+$/, '');
  const before = integer.length > 1 && integer.startsWith('0') ? apart(integer) : whole(integer);
  return fraction ? `${before}点${apart(fraction)}` : before;
}

function time(hour, minute) {
  const h = Number(hour);
  const m = Number(minute);
  const part = h === 0 || h === 24 ? '半夜' : h < 5 ? '凌晨' : h < 9 ? '早上' : h < 12 ? '上午'
    : h === 12 ? '中午' : h < 18 ? '下午' : '晚上';
  const twelve = h % 12 || 12;
  const minutes = m === 0 ? '' : m === 30 ? '半' : m === 15 ? '一刻' : m < 10 ? `零${DIGITS[m]}分` : `${whole(String(m))}分`;
  return `${part}${twelve === 2 ? '两' : whole(String(twelve))}点${minutes}`;
}

const NUMBER = '\\d[\\d,]*(?:\\.\\d+)?';
const TO = '\\s*[-–—~～至到]\\s*';
const STEPS = [
  // Nobody else's business.
  [/(?<![\d.])(?:\d{17}[\dXx]|\d{13,19}|1[3-9]\d(?:[ -]?\d{4}){2})(?![\d])/g, () => UNTOLD],
  [/[\d\p{L}]*[*＊•●]{2,}[\d\p{L}*＊•●]*/gu, () => UNTOLD],
  [/\b(?=[2-9A-Z]*[A-Z])[2-9A-Z]{4}(?:[ -]?[2-9A-Z]{4}){2}\b/g, () => UNTOLD],
  // Dates and times.
  [/(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/g, (_, y, m, d) => `${apart(y)}年${whole(m)}月${whole(d)}日`],
  [/(\d{4})(?=\s*年)/g, (_, y) => apart(y)],
  [new RegExp(`(\\d{1,2}):(\\d{2})(?::\\d{2})?(?:${TO}(\\d{1,2}):(\\d{2}))?`, 'g'),
    (_, h, m, toH, toM) => time(h, m) + (toH ? `到${time(toH, toM)}` : '')],
  // Telephones and rooms, digit by digit.
  [/(?<!\d)(0\d{2,3})[- ]?(\d{3,4})[- ]?(\d{4})(?!\d)/g, (_, a, b, c) => `${apart(a)}，${apart(b + c, '幺')}`],
  [/((?:打|拨|电话|热线)[：:]?\s*)(\d{3,6})(?!\d)/g, (_, words, digits) => words + apart(digits, '幺')],
  [/(?<!\d)(110|119|120|122)(?=\s*(?:报警|火警|急救))/g, (_, digits) => apart(digits, '幺')],
  [/(单元)\s*(\d{3,4})(?!\d)/g, (_, word, digits) => word + apart(digits, '幺')],
  [/(?<!\d)(\d{3,4})(?=室|号房)/g, (_, digits) => apart(digits, '幺')],
  [/(?<!\d)(\d+)-(\d+)-(\d+)(?!\d)/g, (_, ...all) => all.slice(0, 3).map((one) => (one.length > 2 ? apart(one, '幺') : whole(one))).join('杠')],
  // Money, rates and other figures.
  [new RegExp(`[¥￥]\\s*(${NUMBER})(?:${TO}[¥￥]?\\s*(${NUMBER}))?`, 'g'),
    (_, low, high) => `${figure(low)}${high ? `到${figure(high)}` : ''}元`],
  [new RegExp(`(${NUMBER})\\s*[%％]`, 'g'), (_, n) => `百分之${figure(n)}`],
  [new RegExp(`(?<=\\d)${TO}(?=\\d)`, 'g'), () => '到'],
  [new RegExp(`(?<![\\d.第]|第 )2(?=\\s*(?:${MEASURES})(?!级))`, 'g'), () => '两'],
  [new RegExp(NUMBER, 'g'), (n) => figure(n.replace(/,+$/, '')) + (n.endsWith(',') ? '，' : '')],
  [/元\s*\/\s*(?:个)?(月|天|日|年|小时|件|个|份|套|双|条|斤|次|间)/g, (_, unit) => `元一${unit === '月' ? '个月' : unit === '日' ? '天' : unit}`],
  // What has no sound.
  [/\s*[·→|/\\]\s*/g, () => '，'],
  [/[「」“”『』【】<>《》…_#]+/g, () => ''],
  [/\s*\n\s*/g, () => '，'],
  [/(?<=[^A-Za-z])[ \t\u00a0]+|[ \t\u00a0]+(?=[^A-Za-z])/g, () => ''],
  [/^[，\s]+|[，\s]+$/g, () => ''],
  [/，(?:\s*，)+/g, () => '，'],
];

/** Return a text as it is said. */
export function spoken(text) {
  return STEPS.reduce((said, [pattern, replace]) => said.replace(pattern, replace), text);
}
