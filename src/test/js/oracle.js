// What xterm.js shows. Each line of the input is a case: rows, columns, lines of history, then steps, which are output in base64 or a size as
// ROWSxCOLUMNS. Each line of the output is the screen in base64, as Dump.java writes it, or "!" and what was thrown.
'use strict';
const readline = require('readline');
const { Terminal } = require('@xterm/headless');
const { Unicode11Addon } = require('@xterm/addon-unicode11');

function color(isDefault, isRgb, value) {
  return isDefault ? '-' : isRgb ? '#' + value.toString(16).padStart(6, '0') : String(value);
}

const UNDERLINED = 0x10000000;

// xterm.js shows a link as a dashed underline, and keeps no colour of an underline that is not there: so from its fields.
function underline(cell) {
  if (!(cell.fg & UNDERLINED)) return ['-', ''];
  const bits = cell.hasExtendedAttrs() ? cell.extended._ext : 0;
  const mode = bits & 0x3000000;
  const shown = mode === 0 ? '-' : mode === 0x3000000 ? '#' + (bits & 0xffffff).toString(16).padStart(6, '0') : String(bits & 0xff);
  return [shown, 'u' + ((bits & 0x1c000000) >> 26 || 1)];
}

function style(cell) {
  let flags = '';
  if (cell.isBold()) flags += 'b';
  if (cell.isDim()) flags += 'f';
  if (cell.isItalic()) flags += 'i';
  if (cell.isBlink()) flags += 'k';
  if (cell.isInverse()) flags += 'v';
  if (cell.isInvisible()) flags += 'x';
  if (cell.isStrikethrough()) flags += 's';
  if (cell.isOverline()) flags += 'o';
  const [underlineColor, underlineStyle] = underline(cell);
  return color(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()) + ',' + color(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor())
    + ',' + underlineColor + ',' + flags + underlineStyle;
}

function dump(terminal) {
  const buffer = terminal.buffer.active;
  const out = [buffer.type + ' ' + buffer.cursorY + ',' + buffer.cursorX];
  const work = buffer.getNullCell();
  for (let y = 0; y < buffer.length; y++) {
    const line = buffer.getLine(y);
    let text = '';
    const runs = [];
    for (let x = 0; x < terminal.cols; x++) {
      const cell = line.getCell(x, work);
      const half = cell.getWidth() === 0 && x > 0 && line.getCell(x - 1).getWidth() === 2;
      if (!half) text += cell.getChars() || ' ';
      const look = style(cell);
      if (runs.length && runs[runs.length - 1][1] === look) runs[runs.length - 1][0]++;
      else runs.push([1, look]);
    }
    const looks = runs.length === 1 && runs[0][1] === '-,-,-,' ? '' : runs.map(run => run[0] + '*' + run[1]).join(' ');
    out.push((y < buffer.baseY ? '^' : '|') + text.replace(/ +$/, '') + (looks ? '\t' + looks : ''));
  }
  return out.join('\n');
}

function run(words) {
  const [rows, columns, history] = words.slice(0, 3).map(Number);
  const terminal = new Terminal({ rows, cols: columns, scrollback: history, allowProposedApi: true, logLevel: 'off' });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  try {
    for (const step of words.slice(3)) {
      const size = /^(\d+)x(\d+)$/.exec(step);
      if (size) terminal.resize(Number(size[2]), Number(size[1]));
      else terminal._core.writeSync(new Uint8Array(Buffer.from(step, 'base64')));
    }
    return Buffer.from(dump(terminal)).toString('base64');
  } catch (thrown) {
    return '!' + String(thrown).replace(/\n/g, ' ');
  } finally {
    terminal.dispose();
  }
}

function widths() {
  const terminal = new Terminal({ allowProposedApi: true });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  let out = '';
  for (let point = 0; point < 0x110000; point++) out += terminal._core.unicodeService.wcwidth(point);
  return out;
}

readline.createInterface({ input: process.stdin }).on('line', line => {
  process.stdout.write((line === 'widths' ? widths() : run(line.split(' '))) + '\n');
});
