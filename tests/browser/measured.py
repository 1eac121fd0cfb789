"""What a finger meets on a phone: sizes of targets, what stays at the foot, what fits a screen.

A target is whatever is tapped: links, buttons, fields, folds. Its size is that of the box that
answers to a tap: of a tick the line with its words, of a card's link the card. Left out are

* links in running prose, where a line of text beside them sets their height (as in WCAG 2.5.8):
  the link is inline and its paragraph, item or cell has words of its own outside of links;
* what is not seen until it is needed: hidden, folded away, or the link that skips to the text.
"""

from playwright.sync_api import Page

TARGET, LARGE_TARGET = 44, 60

MEASURE = """() => {
  const large = document.documentElement.classList.contains('large');
  const least = large ? LARGE : NORMAL;
  const found = [];
  document.documentElement.style.scrollBehavior = 'auto'; // where it ends is what counts
  const name = one => `<${one.localName} class="${one.className}"> ${
    (one.innerText || one.value || one.name || '').trim().slice(0, 20)}`;
  const seen = one => {
    const box = one.getBoundingClientRect();
    return one.checkVisibility({visibilityProperty: true}) && box.width > 1 && box.height > 1
      && box.right > 0;
  };
  const words = (node, out) => [...node.childNodes].some(child =>
    child.nodeType === 3 ? /[\\p{L}\\p{N}]/u.test(child.data)
      : child.nodeType === 1 && child !== out && !child.matches('a, svg, .visually-hidden')
        && words(child, out));
  const inProse = one => getComputedStyle(one).display === 'inline'
    && words(one.closest('p, li, dd, dt, td, th, div, label, figcaption'), one);
  const box = one => {
    if (one.matches('.stretched-link')) {
      let card = one.parentElement;
      while (getComputedStyle(card).position === 'static') card = card.parentElement;
      return card.getBoundingClientRect();
    }
    return one.getBoundingClientRect();
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const tapped = 'a[href], button, input, select, textarea, summary, .option label';
  const within = '[type=checkbox], [type=radio]'; // in a line that is the target
  const targets = all(tapped).filter(one => !one.matches(within) && !inProse(one));
  for (const one of targets) {
    const {width, height} = box(one);
    const line = one.parentElement.getBoundingClientRect().width;
    if (height < least - .5 || (width < least - .5 && width < line - 1))
      found.push(`${Math.round(width)}×${Math.round(height)} < ${least} px: ${name(one)}`);
  }
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`${wide} px wider than the screen`);

  const stays = one => ['fixed', 'sticky'].includes(getComputedStyle(one).position);
  const staying = all('.places, .stays').filter(stays);
  const apart = one => !staying.some(bar => bar.contains(one));
  const covered = (rect, bars) => bars.some(bar => {
    const over = bar.getBoundingClientRect();
    return rect.bottom > over.top + 1 && rect.top < over.bottom - 1
      && rect.right > over.left && rect.left < over.right;
  });
  const tall = staying.reduce((sum, bar) => sum + bar.getBoundingClientRect().height, 0);
  if (tall > innerHeight * .3) found.push(`${Math.round(tall)} px stay at the foot`);
  for (const one of all(':is(main a[href], main button, main input, main select, main textarea)')) {
    if (!apart(one)) continue;
    one.focus();
    const {left, right, top, bottom} = one.getBoundingClientRect();
    const line = one.localName === 'textarea' ? Math.min(bottom, top + least) : bottom; // caret
    if (line - top < innerHeight / 2 && covered({left, right, top, bottom: line}, staying))
      found.push(`covered while it has the focus: ${name(one)}`);
  }
  document.activeElement.blur();
  scrollTo(0, document.documentElement.scrollHeight);
  for (const one of all('main p, main li, main dd, main h2, footer p'))
    if (apart(one) && covered(one.getBoundingClientRect(), staying))
      found.push(`covered at the end of the page: ${name(one)}`);
  scrollTo(0, 0);
  return found;
}""".replace("NORMAL", str(TARGET)).replace("LARGE", str(LARGE_TARGET))


def faults_of_both_sizes(page: Page) -> list[str]:
    """Return what is too small, too wide or covered on the open page, in normal and large print."""
    faults = []
    for size, large in (("normal", False), ("large", True)):
        page.evaluate("on => document.documentElement.classList.toggle('large', on)", large)
        faults += [f"{size} print: {fault}" for fault in page.evaluate(MEASURE)]
    page.evaluate("document.documentElement.classList.remove('large')")
    return faults
