// SPDX-License-Identifier: Apache-2.0
// Somebody before a screen: signs in, looks at pages, fills forms. What is wrong with a page is collected, not thrown.
import path from 'node:path';
import { listen, wrongWith } from './looks.mjs';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
// Nothing moves: where a page glides to the focus, a test would look too early.
const CALM = { reducedMotion: 'reduce' };
const HANDHELD = { viewport: PHONE, isMobile: true, hasTouch: true, ...CALM };
export const SCREENS = {
  desktop: { viewport: DESKTOP, colorScheme: 'light', ...CALM },
  phone: { ...HANDHELD, colorScheme: 'dark' },
  phoneWithoutScript: { ...HANDHELD, javaScriptEnabled: false, colorScheme: 'light' },
};

const STUDIED = {};  // by screen, for all who sit before one like it
export const FASTER = 'changed while you had it open';
const PRESSES_MAX = 5;

export class Person {
  static async sit(browser, origin, screen, pictures) {
    const person = new Person();
    Object.assign(person, { origin, screen, pictures, wrong: [], visited: new Set(), expected: new Set() });
    person.studied = SCREENS[screen].javaScriptEnabled === false ? null : STUDIED[screen] ??= new Set();
    person.context = await browser.newContext(SCREENS[screen]);
    person.context.setDefaultTimeout(10_000);
    person.page = await person.context.newPage();
    person.heard = listen(person.page, origin, person.expected);
    return person;
  }

  async leave() {
    await this.context.close();
  }

  note(where, what) {
    this.wrong.push(`${this.screen} ${where}: ${what}`);
  }

  async look(label) {
    await this.page.waitForLoadState('load');
    const where = new URL(this.page.url()).pathname;
    this.visited.add(where);
    if (this.pictures)
      await this.page.screenshot({ path: path.join(this.pictures, `${label}.${this.screen}.png`), fullPage: true });
    for (const what of await wrongWith(this.page, this.studied)) this.note(`${label} ${where}`, what);
    for (const what of this.heard.splice(0)) this.note(`${label} ${where}`, what);
  }

  async visit(where, label, status = 200) {
    const url = this.origin + where;
    if (status !== 200) this.expected.add(url);
    const answer = await this.page.goto(url);
    if (answer.status() !== status) this.note(label, `${where} is ${answer.status()}, not ${status}`);
    await this.look(label);
  }

  async signIn(email, password) {
    await this.page.goto(`${this.origin}/login`);
    await this.page.getByLabel('E-mail address').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  async signOut() {
    await this.page.getByRole('button', { name: 'Sign out' }).click();
    await this.says('You are signed out.');
  }

  // Presses the button and looks for the answer, a sentence of the page whatever came of it. The desk itself may have
  // changed the ticket meanwhile (a notice went out, a measure is in force): then one looks, and presses again.
  async press(button, answer, label, { within = this.page, refused = false } = {}) {
    const one = within.getByRole('button', { name: button, exact: true });
    const form = await one.evaluate((it) => new URL(it.form.getAttribute('action'), location.href).href);
    this.expected.add(form);
    const banner = this.page.locator('.banner[role="status"]');
    for (let tries = 0; tries < PRESSES_MAX; ++tries) {
      await one.click();
      await banner.filter({ hasText: answer }).or(banner.filter({ hasText: FASTER })).first().waitFor();
      if (answer === FASTER || await banner.filter({ hasText: FASTER }).count() === 0) break;
    }
    await this.says(answer);
    if (refused && this.page.url() !== form) this.note(label, 'it was not refused');
    if (label) await this.look(label);
  }

  async says(text) {
    await this.page.locator('.banner[role="status"]', { hasText: text }).waitFor();
  }

  // A folded form of the ticket's page, unfolded as a person does.
  async unfold(summary) {
    const one = this.page.locator('details', { has: this.page.locator('> summary', { hasText: summary }) });
    if (!await one.evaluate((it) => it.open)) await one.locator('> summary').click();
    return one;
  }
}
