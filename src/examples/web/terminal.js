import { Terminal } from '/xterm.mjs';
import { FitAddon } from '/addon-fit.mjs';

// The token leaves the address line; a reload takes it from the tab's own store.
const token = location.hash.slice(1) || sessionStorage.getItem('token');
sessionStorage.setItem('token', token);
history.replaceState(null, '', '/');

const headers = { Authorization: `Bearer ${token}`, 'X-Page': crypto.randomUUID() };
const MOST_INPUT_BYTES = 64 * 1024;
const RETRY_MILLIS = 300;

const terminal = new Terminal();
const fit = new FitAddon();
terminal.loadAddon(fit);
terminal.open(document.getElementById('terminal'));
fit.fit();
terminal.focus();

const show = text => { document.getElementById('status').textContent = text; };
const pause = () => new Promise(done => setTimeout(done, RETRY_MILLIS));

// The server's screen answers queries. An answer of the page would be the second one, or the answer to a query of long ago.
const parser = terminal.parser;
for (const id of [{ final: 'c' }, { prefix: '>', final: 'c' }, { prefix: '=', final: 'c' }, { final: 'n' }, { prefix: '?', final: 'n' },
  { prefix: '>', final: 'q' }, { final: 't' }, { intermediates: '$', final: 'p' }, { prefix: '?', intermediates: '$', final: 'p' }]) {
  parser.registerCsiHandler(id, () => true);
}
parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true);
for (const code of [4, 10, 11, 12]) {
  parser.registerOscHandler(code, text => text.includes('?'));
}

// Output: the offset counts the program's bytes; those of a picture, which comes first, do not count.
async function read() {
  let offset = null;
  for (;;) {
    let picture = 0;
    try {
      const from = offset === null ? '' : `&from=${offset}`;
      const response = await fetch(`/output?rows=${terminal.rows}&columns=${terminal.cols}${from}`, { headers });
      if (!response.ok) {
        show(await response.text());
        return;
      }
      show('');
      picture = Number(response.headers.get('X-Picture'));
      offset = Number(response.headers.get('X-Offset'));
      for await (const chunk of response.body) {
        await new Promise(done => terminal.write(chunk, done)); // what waits here fills TCP's window
        const shown = Math.min(picture, chunk.length);
        picture -= shown;
        offset += chunk.length - shown;
      }
    } catch {
      show('The connection is lost.');
      await pause();
    }
    if (picture > 0) {
      offset = null; // only a part of it came
    }
  }
}

// Input and sizes: one request after the other, each with its number, again and again until it has arrived.
const waiting = [];
let sequence = 0;
async function send(path, body) {
  waiting.push({ path, body });
  if (waiting.length > 1) {
    return;
  }
  while (waiting.length > 0) {
    try {
      const response = await fetch(`${waiting[0].path}sequence=${sequence}`, { method: 'POST', headers, body: waiting[0].body });
      if (!response.ok) {
        show(await response.text());
        waiting.length = 0;
        return;
      }
      sequence++;
      waiting.shift();
    } catch {
      await pause();
    }
  }
}

function type(bytes) {
  for (let from = 0; from < bytes.length; from += MOST_INPUT_BYTES) {
    send('/input?', bytes.slice(from, from + MOST_INPUT_BYTES));
  }
}
terminal.onData(text => type(new TextEncoder().encode(text)));
terminal.onBinary(text => type(Uint8Array.from(text, character => character.charCodeAt(0))));
terminal.onResize(({ rows, cols }) => send(`/resize?rows=${rows}&columns=${cols}&`));
new ResizeObserver(() => fit.fit()).observe(document.getElementById('terminal'));
read();
