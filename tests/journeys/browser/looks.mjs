// SPDX-License-Identifier: Apache-2.0
// What must be true of every page, whoever looks at it and with whatever. Each check returns sentences; none is well.
import axe from 'axe-core';

const GRAVE = new Set(['serious', 'critical']);
const FOCUS_STOPS_MAX = 80;
const ISSUES_SHOWN_MAX = 4;

// Contrast, names, roles, labels, landmarks: what a machine can know of WCAG 2.2 AA.
async function accessible(page) {
  await page.evaluate(axe.source);
  const result = await page.evaluate(() => globalThis.axe.run(document, {
    iframes: false, resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return result.violations.filter((rule) => GRAVE.has(rule.impact)).flatMap((rule) =>
    rule.nodes.slice(0, ISSUES_SHOWN_MAX).map((node) => `${rule.id}: ${node.target.join(' ')} ${node.failureSummary}`));
}

// Nothing to scroll sideways, and nothing that reaches over the edge unseen.
async function fits(page) {
  return page.evaluate((shown) => {
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth > width
      ? [`the page is ${document.documentElement.scrollWidth} wide on a screen of ${width}`] : [];
    const over = [...document.body.querySelectorAll('*')].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width > 1 && box.height > 1 && !one.closest('.visually-hidden, .skip') && !one.closest('pre') &&
        (box.right > width + 1 || box.left < -1);
    });
    return wide.concat(over.slice(0, shown).map((one) => `<${one.tagName} class="${one.className}"> reaches over the edge`));
  }, ISSUES_SHOWN_MAX);
}

// One heading of the first rank, a title, a language, ids that are unique, no script and no style in the page itself.
async function wellMade(page) {
  return page.evaluate(() => {
    const wrong = [];
    if (document.querySelectorAll('h1').length !== 1) wrong.push('there is not exactly one h1');
    if (!document.title.includes('·')) wrong.push(`the title says "${document.title}"`);
    const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
    for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) wrong.push(`two things have the id ${id}`);
    // An empty style attribute is what taking a picture leaves behind.
    const inline = document.querySelector('script, style, [style]:not([style=""]), [onclick]');
    if (inline) wrong.push(`script or style stands in the page: ${inline.outerHTML.slice(0, 200)}`);
    if (document.body.innerText.includes('{{')) wrong.push('a marker of the template is left');
    return wrong;
  });
}

// Whatever has the keyboard's focus is seen: an outline of 2 px or more, and no bar lies over it. Tab is pressed once, so
// that the browser takes the person for one with a keyboard; from there the focus goes on without a word to the browser.
async function focusSeen(page) {
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
  await page.keyboard.press('Tab');
  return page.evaluate(([most, shown]) => {
    if (document.activeElement.className !== 'skip' && !document.querySelector('[autofocus]'))
      return ['the first Tab does not lead to the link past the navigation'];
    const wrong = [];
    const stops = [...document.querySelectorAll('a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex="0"]')]
      .filter((one) => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }));
    for (const one of stops.slice(0, most)) {
      one.focus();
      const name = `<${one.tagName} ${one.id || one.className || one.textContent.trim().slice(0, 30)}>`;
      if (document.activeElement !== one) {
        wrong.push(`${name} takes no focus`);
        continue;
      }
      const style = getComputedStyle(one);
      if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) wrong.push(`${name} has the focus unseen`);
      const box = one.getBoundingClientRect();
      const at = document.elementFromPoint(box.left + Math.min(box.width, 20) / 2, box.top + Math.min(box.height, 20) / 2);
      if (!at || !(one.contains(at) || at.contains(one)))
        wrong.push(`${name} has the focus beneath ${at ? `<${at.tagName} ${at.className}>` : 'the edge'}`);
    }
    document.activeElement.blur();
    window.scrollTo(0, 0);
    return wrong.slice(0, shown);
  }, [FOCUS_STOPS_MAX, ISSUES_SHOWN_MAX]);
}

// What a page is made of: each kind of element within each kind of element, and whether it says nothing.
async function partsOf(page) {
  return page.evaluate(() => [...new Set([...document.querySelectorAll('*')].map((one) => {
    const kind = (it) => `${it?.tagName}.${it?.className?.baseVal ?? it?.className}[${it?.type ?? ''}]`;
    return `${kind(one.parentElement)}>${kind(one)}${one.textContent.trim() === '' ? ' says nothing' : ''}`;
  }))]);
}

// `studied` is what axe has seen on this screen: it is asked again where a page shows something new. Without JavaScript
// it is not asked (`studied` is null), for it waits for timers, which such a page has none of.
export async function wrongWith(page, studied) {
  const wrong = [...await wellMade(page), ...await fits(page), ...await focusSeen(page)];
  const news = studied ? (await partsOf(page)).filter((part) => !studied.has(part)) : [];
  if (news.length > 0) wrong.push(...await accessible(page));
  for (const part of news) studied.add(part);
  return wrong.map((what) => what.replaceAll(/\s+/g, ' '));
}

// What the browser itself complains of: errors, the Content-Security-Policy, things fetched elsewhere or in vain.
export function listen(page, origin, expected) {
  const heard = [];
  page.on('console', (said) => {
    const ownStatus = said.text().startsWith('Failed to load resource') && expected.has(said.location().url);
    if (['error', 'warning'].includes(said.type()) && !ownStatus) heard.push(`console: ${said.text()} ${said.location().url}`);
  });
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) heard.push(`fetched elsewhere: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    // Aborted is what a person does who goes on before the last picture is there.
    if (!expected.has(request.url()) && request.failure()?.errorText !== 'net::ERR_ABORTED') heard.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 400 && !expected.has(answer.url())) heard.push(`${answer.status()}: ${answer.url()}`);
  });
  return heard;
}
