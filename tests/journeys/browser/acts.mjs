// SPDX-License-Identifier: Apache-2.0
// What people do on the pages, each thing first wrongly: a form that can't be carried out says why in words, above the
// form, keeps what was typed, and changes nothing.
import { FASTER } from './person.mjs';

const BLANK = '   ';

async function typeWrongPassword(person, [email]) {
  await person.page.goto(`${person.origin}/login`);
  await person.page.getByLabel('E-mail address').fill(email);
  await person.page.getByLabel('Password').fill('not this one');
  await person.press('Sign in', 'password', 'sign-in-refused', { refused: true });
}

async function workTheQueue(person) {
  const { page } = person;
  await page.goto(`${person.origin}/review`);
  const tickets = page.locator('#review-form');
  await person.press('Open picked', 'Nothing was picked', 'review-nothing-picked', { within: tickets, refused: true });
  const pick = tickets.locator('.pick').first();
  const id = (await pick.inputValue()).split(':')[0];
  await pick.check();
  await person.press('Dismiss picked', 'Please give a reason', 'review-no-reason', { within: tickets, refused: true });
  if (!await page.locator(`#pick-${id}`).isChecked()) person.note('review', 'what was picked is forgotten');
  await person.press('Open picked', 'The picked tickets are open', '', { within: tickets });
  const reports = page.locator('#reports-form');
  await reports.locator('.pick').last().check();
  await reports.getByLabel('Reason').fill('Known already.');
  await person.press('Dismiss picked', 'The picked reports were dismissed', 'review-dismissed', { within: reports });
}

async function fileReport(person) {
  const { page } = person;
  await page.goto(`${person.origin}/review`);
  await page.locator('#reports-form .row-title').first().click();
  await page.getByLabel('Service id').fill('vps-0');
  await person.press('File it', 'vps-0', 'report-not-filed', { refused: true });
  const dismiss = page.locator('form[action$="/dismiss"]');
  await dismiss.getByLabel('Why?').fill(BLANK);
  await person.press('Dismiss', 'Please give a reason', 'report-not-dismissed', { within: dismiss, refused: true });
  await page.getByLabel('Service id').fill('vps-1006');
  await page.getByLabel('Category').selectOption('spam');
  await person.press('File it', 'The report is filed here');
}

// Fills the named fields of the folded form and presses its button.
async function fold(person, summary, fields, button, answer, label, options = {}) {
  const form = await person.unfold(summary);
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name="${name}"]:not([type="hidden"])`);
    if (await field.evaluate((one) => one.tagName) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
  await person.press(button, answer, label, { within: form, ...options });
}

async function workATicket(person, demo) {
  const { page } = person;
  const refused = { refused: true };
  const id = await demo.ticket('state=in_review', (ticket) => ticket.incidents.length > 1);
  const other = await demo.ticket('state=in_review', (ticket) => ticket.id !== id);
  await page.goto(`${person.origin}/tickets/${other}`);
  await fold(person, 'Dismiss', { reason: BLANK }, 'Dismiss', 'Please give a reason', 'ticket-not-dismissed', refused);
  await fold(person, 'Dismiss', { reason: 'It is a test of their own.' }, 'Dismiss', 'Dismissed.', 'ticket-now-dismissed');
  await page.goto(`${person.origin}/tickets/${id}`);
  await fold(person, 'Split incidents off', { reason: 'Two cases.' }, 'Split off the ticked incidents', 'Please tick the incidents', 'ticket-not-split', refused);
  await page.locator('.incident .pick').first().check();
  await fold(person, 'Split incidents off', { reason: 'Two cases.' }, 'Split off the ticked incidents', 'ticket of their own');
  await person.press('Open the ticket', 'The ticket is open', 'ticket-opened');
  const speak = page.locator('form[action$="/reply"]');
  await speak.locator('textarea').fill(BLANK);
  await person.press('Send the reply', 'Please write something first', 'ticket-empty-reply', { within: speak, ...refused });
  await speak.locator('textarea').fill('What does the mail log say?\nPlease look there first.');
  await person.press('Send the reply', 'Your message is in the ticket', 'ticket-replied', { within: speak });
  await fold(person, 'Note for the team', { text: 'Kept for us.' }, 'Keep the note', 'The note is kept', 'ticket-noted');
  await fold(person, 'Assign', { email: 'nobody@meadow.example' }, 'Assign', 'nobody@meadow.example', 'ticket-not-assigned', refused);
  await fold(person, 'Assign', { email: 'analyst@meadow.example' }, 'Assign', 'Assigned.', 'ticket-assigned');
  await fold(person, 'Move the fix deadline', { fix_by: '2026-01-02T03:04', reason: 'x' }, 'Move the deadline', 'lies in the past', 'ticket-not-moved', refused);
  const later = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 16);
  await fold(person, 'Move the fix deadline', { fix_by: later, reason: 'They wait for a part.' }, 'Move the deadline', 'was moved');
  await fold(person, 'Merge into another', { into: 'T-2026-999999', reason: 'One case.' }, 'Merge', 'T-2026-999999', 'ticket-not-merged', refused);
  await fold(person, 'Deliberate abuse', { measure: 'terminate', reason: 'By owner.', confirm: 'vps-0' }, 'Decide', 'type the service’s id', 'ticket-not-terminated', refused);
  await fold(person, 'Deliberate abuse', { measure: 'isolate', reason: 'By owner.', confirm: '' }, 'Decide', 'decision about the measure', 'ticket-isolated');
  await fold(person, 'Close without a claim', { reason: 'The customer left.' }, 'Close without a claim', 'The ticket is closed', 'ticket-ended');
  await fold(person, 'Open again', { reason: 'It came back.' }, 'Open again', 'open again', 'ticket-again');
}

// Another tab was faster: what was typed is kept, and the page says so.
async function comeTooLate(person, demo, id) {
  const { page } = person;
  await page.goto(`${person.origin}/tickets/${id}`);
  const form = page.locator('form[action$="/reply"]');
  await form.locator('textarea').fill('My long answer');
  const { version } = await demo.ask(`/api/v1/tickets/${id}`);
  await demo.ask(`/api/v1/tickets/${id}/reply`, { method: 'POST', body: '{"text":"Meanwhile."}',
    headers: { 'If-Match': `"${version}"`, 'Content-Type': 'application/json' } });
  await person.press('Send the reply', FASTER, 'ticket-too-late', { within: form, refused: true });
  if (await form.locator('textarea').inputValue() !== 'My long answer') person.note('too late', 'what was typed is lost');
}

async function claim(person, id, label) {
  await person.page.goto(`${person.origin}/tickets/${id}`);
  const fields = { cause: 'An old plugin.', done: 'Removed it.', confirmed: 'The link is 404.', prevention: 'Updates.' };
  const name = 'Tell us that it is fixed';
  await fold(person, 'I have fixed it', { ...fields, done: BLANK }, name, 'Please fill in “What you did”', `${label}-no-claim`, { refused: true });
  if (await person.page.locator('#claim-cause').inputValue() !== fields.cause) person.note(label, 'what was typed is lost');
  await fold(person, 'I have fixed it', fields, name, 'We will check it', `${label}-claim`);
}

export async function actAsTeam(person, demo, analyst, lead) {
  await typeWrongPassword(person, analyst);
  await person.signIn(...analyst);
  await workTheQueue(person);
  await person.signOut();
  await person.signIn(...lead);
  await fileReport(person);
  await workATicket(person, demo);
  await comeTooLate(person, demo, await demo.ticket('state=open&service=vps-1001'));
  await person.signOut();
}

// The customer writes and claims, the lead sends it back, the customer claims again, the lead accepts.
export async function actAsCustomerAndLead(person, demo, customer, lead) {
  const { page } = person;
  const id = await demo.ticket('state=open&service=vps-1001&category=spam');
  await page.goto(`${person.origin}/tickets/${id}`);
  await person.says('Please sign in');
  await person.look('client-sign-in-first');
  await person.signIn(...customer);
  await page.goto(`${person.origin}/tickets/${id}`);
  await page.locator('#reply-text').fill(BLANK);
  await person.press('Send the message', 'Please write something first', 'client-empty-reply', { refused: true });
  await page.locator('#reply-text').fill('We look into it.');
  await person.press('Send the message', 'Your message is in the ticket', 'client-replied');
  await claim(person, id, 'client');
  await person.signOut();
  await person.signIn(...lead);
  await page.goto(`${person.origin}/tickets/${id}`);
  await fold(person, 'Send it back', { reason: BLANK }, 'Send it back', 'Please give a reason', 'ticket-not-refused', { refused: true });
  await fold(person, 'Send it back', { reason: 'It still answers.' }, 'Send it back', 'went back with your reason', 'ticket-refused');
  await person.signOut();
  await person.signIn(...customer);
  await claim(person, id, 'client-again');
  await person.signOut();
  await person.signIn(...lead);
  await page.goto(`${person.origin}/tickets/${id}`);
  await fold(person, 'Accept the fix', { reason: 'It is gone.' }, 'Accept the fix', 'the ticket is closed', 'ticket-accepted');
  await person.signOut();
}
