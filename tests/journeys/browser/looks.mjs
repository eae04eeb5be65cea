// SPDX-License-Identifier: Apache-2.0
// What must be true of every page, whoever looks at it and with whatever. Each check returns sentences; none is well.
import axe from 'axe-core';

const GRAVE = new Set(['serious', 'critical']);
const TAB_STOPS_MAX = 25;
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

// Where Tab leads, one can see it: an outline of 2 px or more, and no bar lies over it.
async function focusSeen(page) {
  const wrong = [];
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
  for (let stop = 0; stop < TAB_STOPS_MAX; ++stop) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body) return 'end';
      if (one.tagName === 'IFRAME') return '';
      const style = getComputedStyle(one);
      const name = `<${one.tagName} ${one.id || one.className || one.textContent.trim().slice(0, 30)}>`;
      if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return `${name} has the focus unseen`;
      const box = one.getBoundingClientRect();
      const at = document.elementFromPoint(box.left + Math.min(box.width, 20) / 2, box.top + Math.min(box.height, 20) / 2);
      if (at && (one.contains(at) || at.contains(one))) return '';
      return `${name} has the focus beneath ${at ? `<${at.tagName} ${at.className}>` : 'the edge'}`;
    });
    if (seen === 'end') break;
    if (seen) wrong.push(seen);
  }
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
  return wrong.slice(0, ISSUES_SHOWN_MAX);
}

// Axe waits for timers, which a browser without JavaScript has none of: there the other checks must do.
export async function wrongWith(page, scripted) {
  const wrong = [...await wellMade(page), ...await fits(page), ...await focusSeen(page), ...scripted ? await accessible(page) : []];
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
    if (!expected.has(request.url())) heard.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 400 && !expected.has(answer.url())) heard.push(`${answer.status()}: ${answer.url()}`);
  });
  return heard;
}
