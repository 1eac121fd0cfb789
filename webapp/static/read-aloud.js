// 读给我听: reads a page or a part of it, block by block, and shows where it is. Loaded by fumin.js
// where the device itself has a Chinese voice. What stands in [data-unread] is never said, only the
// words of that attribute; of fields the question, the hint and the error, never what is typed.
import { spoken } from './spoken.js';

const BLOCKS = 'h1, h2, h3, h4, p, li, dt, dd, legend, label, summary, th, td, caption, figcaption, button, a.btn, article, section, div, form, main';
const SILENT = 'script, style, svg, textarea, select, [aria-hidden="true"], [data-read-aloud], [data-say], [data-reader]';
const LONGEST = 120; // characters said in one breath: some voices stop in the middle of more

let voice = null;
let run = 0; // what an older run still reports is not heard

/** [element, words] of what is seen of ``root``, in order. */
export function pieces(root) {
  const found = [];
  const told = new Set();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!/[\p{L}\p{N}]/u.test(node.data) || parent.closest(SILENT) || !parent.checkVisibility({ visibilityProperty: true })) continue;
    const unread = parent.closest('[data-unread]');
    const block = unread || parent.closest(BLOCKS);
    if (unread) {
      if (!told.has(unread)) found.push([unread, unread.dataset.unread]);
      told.add(unread);
      continue;
    }
    const last = found.at(-1);
    if (last && last[0] === block) last[1] += node.data;
    else found.push([block, (block.dataset.label ? `${block.dataset.label}：` : '') + node.data]);
  }
  return found.map(([block, words]) => [block, spoken(words)]).filter(([, words]) => words);
}

function breaths(words) {
  if (words.length <= LONGEST) return [words];
  return words.match(/[^。！？；]+[。！？；]*/g).flatMap((one) => one.match(new RegExp(`.{1,${LONGEST}}`, 'gs')));
}

function say(words, done) {
  const speech = new SpeechSynthesisUtterance(words);
  speech.lang = 'zh-CN';
  speech.voice = voice;
  speech.rate = 0.9;
  speech.onend = done;
  speech.onerror = done;
  speechSynthesis.speak(speech);
}

/** A reading of ``list`` from its beginning, which can be halted and go on. */
function reading(list, ended) {
  let at = 0;
  const mark = (element) => {
    document.querySelectorAll('.being-read').forEach((one) => one.classList.remove('being-read'));
    element?.classList.add('being-read');
    element?.scrollIntoView({ block: 'nearest' });
  };
  const halt = () => { run += 1; speechSynthesis.cancel(); };
  const stop = () => { halt(); mark(null); ended(); };
  const go = () => {
    halt();
    const own = run;
    const next = () => {
      if (own !== run) return;
      if (at >= list.length) { stop(); return; }
      const [element, words] = list[at];
      mark(element);
      const rest = breaths(words);
      const on = () => {
        if (own !== run) return;
        if (rest.length) { say(rest.shift(), on); return; }
        at += 1;
        next();
      };
      on();
    };
    next();
  };
  return { go, halt, stop };
}

/** Offer what can be read aloud, in this voice. */
export function begin(local) {
  voice = local;
  const bar = document.querySelector('[data-reader]');
  const [hold, end] = bar.querySelectorAll('button');
  const words = hold.textContent;
  let current = null;
  const ended = () => {
    bar.hidden = true;
    document.documentElement.classList.remove('reading');
    current = null;
  };
  document.querySelectorAll('[data-read-aloud]').forEach((button) => {
    const target = document.getElementById(button.dataset.readAloud);
    if (!target) return;
    button.hidden = false;
    button.addEventListener('click', () => {
      const again = current;
      current?.reader.stop();
      if (again?.button === button) return;
      if (target.localName !== 'main') target.querySelectorAll('details').forEach((part) => { part.open = true; });
      bar.hidden = false;
      document.documentElement.classList.add('reading');
      hold.textContent = words;
      current = { button, held: false, reader: reading(pieces(target), ended) };
      current.reader.go();
    });
  });
  hold.addEventListener('click', () => {
    current.held = !current.held;
    hold.textContent = current.held ? hold.dataset.other : words;
    if (current.held) current.reader.halt(); else current.reader.go();
  });
  end.addEventListener('click', () => current.reader.stop());
  // Pictures: what one may choose is heard before it is chosen, and a tick says what was ticked.
  document.querySelectorAll('[data-say]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => {
      current?.reader.stop();
      speechSynthesis.cancel();
      say(spoken(button.dataset.say), null);
    });
  });
  if (document.documentElement.classList.contains('pictures')) {
    document.addEventListener('change', (event) => {
      const label = event.target.checked && !event.target.closest('[data-unread]') && event.target.labels?.[0];
      if (!label) return;
      current?.reader.stop();
      speechSynthesis.cancel();
      say(spoken(label.innerText), null);
    });
  }
  window.addEventListener('pagehide', () => { run += 1; speechSynthesis.cancel(); });
}
