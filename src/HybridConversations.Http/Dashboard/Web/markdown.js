// Markdown as models write it, made into nodes. Nothing is ever read as HTML: a text becomes text nodes, and a link leads to http or https only.

import { el } from './dom.js';

const fence = /^ {0,3}(```+|~~~+)\s*([\w+#.-]*)[^`]*$/;
const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const rule = /^ {0,3}([-*_])(\s*\1){2,}\s*$/;
const quote = /^ {0,3}>\s?(.*)$/;
const divider = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const deepest = 8;

/** The nodes of a text. Every text is good: what is not understood stays as it is. */
export function markdown(text, depth = 0) {
  const lines = text.split('\n');
  const blocks = [];
  for (let at = 0; at < lines.length;) {
    const [block, next] = readBlock(lines, at, depth);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

function readBlock(lines, at, depth) {
  const line = lines[at];
  let match;
  if (line.trim() === '') return [null, at + 1];
  if ((match = fence.exec(line))) return code(lines, at, match);
  if ((match = heading.exec(line))) return [el(`h${Math.min(6, match[1].length + 2)}`, null, ...inline(match[2])), at + 1];
  if (rule.test(line)) return [el('hr'), at + 1];
  if (depth < deepest && quote.test(line)) {
    let end = at;
    while (end < lines.length && quote.test(lines[end])) end++;
    return [el('blockquote', null, ...markdown(lines.slice(at, end).map(some => quote.exec(some)[1]).join('\n'), depth + 1)), end];
  }
  if (depth < deepest && item.test(line)) return list(lines, at, depth);
  if (line.includes('|') && divider.test(lines[at + 1] ?? '') && lines[at + 1].includes('-')) return table(lines, at);
  return paragraph(lines, at);
}

function code(lines, at, [, mark, language]) {
  let end = at + 1;
  while (end < lines.length && !(lines[end].trim().startsWith(mark) && /^[`~]+$/.test(lines[end].trim()))) end++;
  const text = lines.slice(at + 1, end).join('\n');
  const copy = el('button', { type: 'button', className: 'copy', onclick: () => copyText(text, copy) }, 'Copy');
  return [el('figure', { className: 'code' }, el('figcaption', null, language || 'text', copy), el('pre', { tabIndex: 0 }, el('code', null, text))), end + 1];
}

function list(lines, at, depth) {
  const [, indent, mark] = item.exec(lines[at]);
  const ordered = /\d/.test(mark);
  const entries = [];
  let end = at;
  for (; end < lines.length; end++) {
    const match = item.exec(lines[end]);
    if (match && match[1].length <= indent.length && /\d/.test(match[2]) === ordered) entries.push([match[3]]);
    else if (lines[end].trim() === '') {
      if (!/^\s+\S/.test(lines[end + 1] ?? '') && !item.test(lines[end + 1] ?? '')) break;
      entries.at(-1).push('');
    } else if (/^\s/.test(lines[end]) && lines[end].search(/\S/) > indent.length) entries.at(-1).push(lines[end].slice(Math.min(lines[end].search(/\S/), indent.length + mark.length + 1)));
    else break;
  }
  const element = el(ordered ? 'ol' : 'ul', null, ...entries.map(entry => el('li', null, ...tight(markdown(entry.join('\n'), depth + 1)))));
  if (ordered && parseInt(mark, 10) !== 1) element.start = parseInt(mark, 10);
  return [element, end];
}

/** A list item of one paragraph is just its words. */
function tight(blocks) {
  return blocks.flatMap((block, i) => i === 0 && block.tagName === 'P' ? Array.from(block.childNodes) : [block]);
}

function table(lines, at) {
  const cells = line => line.trim().replace(/^\||\|$/g, '').split('|').map(cell => cell.trim());
  const row = (line, tag) => el('tr', null, ...cells(line).map(cell => el(tag, null, ...inline(cell))));
  let end = at + 2;
  while (end < lines.length && lines[end].includes('|') && lines[end].trim() !== '') end++;
  return [el('div', { className: 'scroll' }, el('table', null, el('thead', null, row(lines[at], 'th')), el('tbody', null, ...lines.slice(at + 2, end).map(line => row(line, 'td'))))), end];
}

function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() !== '' && !fence.test(lines[end]) && !heading.test(lines[end]) && !item.test(lines[end]) && !quote.test(lines[end])) end++;
  return [el('p', null, ...inline(lines.slice(at, end).join('\n'))), end];
}

const spans = /(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)|\*\*(?=\S)([\s\S]*?\S)\*\*|__(?=\S)([\s\S]*?\S)__(?!\w)|\*(?=[^\s*])([^*\n]*?[^\s*])\*|\b_(?=\S)([^_\n]*?\S)_\b|~~(?=\S)([^~]*?\S)~~|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)|(https?:\/\/[^\s<>()"']*[^\s<>()"'.,;:!?])/g;

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(spans)) {
    if (match.index < end) continue;
    nodes.push(...broken(text.slice(end, match.index)));
    nodes.push(span(match));
    end = match.index + match[0].length;
  }
  nodes.push(...broken(text.slice(end)));
  return nodes;
}

function span([, , code, strong, strong2, soft, soft2, struck, name, address, bare]) {
  if (code !== undefined) return el('code', null, code.replace(/^ (.*) $/, '$1'));
  if (strong ?? strong2) return el('strong', null, ...inline(strong ?? strong2));
  if (soft ?? soft2) return el('em', null, ...inline(soft ?? soft2));
  if (struck) return el('s', null, ...inline(struck));
  return el('a', { href: address ?? bare, target: '_blank', rel: 'noopener noreferrer nofollow' }, name ?? bare);
}

/** Models mean the line breaks that they write. */
function broken(text) {
  return text.split('\n').flatMap((line, i) => i === 0 ? [line] : [el('br'), line]).filter(node => node !== '');
}

/** The clipboard is there only over https and on localhost; a selection is there everywhere. */
async function copyText(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el('textarea', { value: text, className: 'unseen' });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
}
