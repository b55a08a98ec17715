// The turns of a conversation: the newest first to come, earlier ones when they are asked for. It opens at its end.

import { el } from './dom.js';
import { conversationPath, json } from './api.js';
import { turnElement } from './turn.js';

const page = 30;

export class Dialogue {
  #id;
  #actions;
  #signal;
  #first = 0;

  constructor(id, actions, signal) {
    [this.#id, this.#actions, this.#signal] = [id, actions, signal];
    this.turns = el('div', { className: 'turns', role: 'log', 'aria-label': 'Dialogue' });
    this.more = el('button', { type: 'button', className: 'more', hidden: true, onclick: () => this.#earlier() }, 'Earlier turns');
    this.element = el('div', { className: 'dialogue' }, this.more, this.turns);
    this.last = 0;
  }

  /** Reads its end. Returns what the server says of it, or null when it does not exist yet. */
  async open() {
    let about = await this.#read(0, 1);
    if (!about) return null;
    this.#first = Math.max(0, about.lastSequence - page);
    const turns = [];
    for (let after = this.#first; after !== null;) {
      about = await this.#read(after, 200);
      if (!about) return null;
      turns.push(...about.turns);
      after = about.next;
    }
    this.turns.replaceChildren(...turns.map(turn => turnElement(turn, this.#actions)));
    this.#known(turns);
    this.more.hidden = about.turnCount <= turns.length;
    return about;
  }

  /** Adds the turns that have come since, and draws those anew that were running. Returns what the server says of it. */
  async refresh() {
    const about = await this.#read(Math.max(0, this.last - 1), 200);
    for (const turn of about?.turns ?? []) {
      const element = turnElement(turn, this.#actions);
      element.dataset.turn = turn.turnId;
      const old = [...this.turns.children].find(child => child.dataset.turn === turn.turnId);
      if (old) old.replaceWith(element);
      else this.turns.append(element);
    }
    this.#known(about?.turns ?? []);
    return about;
  }

  /** An element for a turn that is being said now. */
  add(turn) {
    const element = turnElement(turn, this.#actions);
    element.dataset.turn = turn.turnId;
    const old = [...this.turns.children].find(child => child.dataset.turn === turn.turnId);
    if (old) old.replaceWith(element);
    else this.turns.append(element);
    return element;
  }

  async #earlier() {
    const before = this.#first;
    this.#first = Math.max(0, before - page);
    const about = await this.#read(this.#first, page);
    const turns = about?.turns.filter(turn => turn.sequence <= before) ?? [];
    const height = document.documentElement.scrollHeight;
    this.turns.prepend(...turns.map(turn => turnElement(turn, this.#actions)));
    scrollBy(0, document.documentElement.scrollHeight - height);
    this.more.hidden = this.#first === 0;
  }

  #known(turns) {
    for (const [i, element] of [...this.turns.children].slice(-turns.length || this.turns.children.length).entries()) {
      if (turns[i] && !element.dataset.turn) element.dataset.turn = turns[i].turnId;
    }
    this.last = turns.at(-1)?.sequence ?? this.last;
  }

  async #read(after, limit) {
    try {
      return await json(conversationPath(this.#id, `?after=${after}&limit=${limit}`), { signal: this.#signal });
    } catch (error) {
      if (error.status === 404) return null;
      throw error;
    }
  }
}

/** The bottom of the page, where the newest is. */
export const toEnd = () => scrollTo(0, document.documentElement.scrollHeight);

/** Whether the person looks at the end. */
export const atEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 120;
