// Drives exec:exec@web in Chromium: web.js CHROMIUM URL PICTURE. Prints a line for each step; exits with 1 and the reason at the first that fails.
const fs = require('fs');
const { chromium } = require('playwright-core');

const [executablePath, url, picture] = process.argv.slice(2);
const LIMIT_MILLIS = 30_000;

async function until(what, condition) {
  const deadline = Date.now() + LIMIT_MILLIS;
  while (!await condition()) {
    if (Date.now() > deadline) {
      throw new Error(`not within ${LIMIT_MILLIS} ms: ${typeof what === 'string' ? what : await what()}`);
    }
    await new Promise(done => setTimeout(done, 20));
  }
}

/** A tab, whose terminal the page leaves in window.terminal for this test. */
async function open(context) {
  const page = await context.newPage();
  page.on('pageerror', error => { throw error; });
  await page.route('**/terminal.js', async route => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\nwindow.terminal = terminal;` });
  });
  await page.addInitScript(() => { // window.connection.abort() cuts the output
    const { fetch } = window;
    window.fetch = (path, options) => {
      if (!path.startsWith('/output')) {
        return fetch(path, options);
      }
      window.connection = new AbortController();
      return fetch(path, { ...options, signal: window.connection.signal });
    };
  });
  await page.goto(url);
  await page.waitForFunction(() => window.terminal);
  return {
    page,
    lines: () => page.evaluate(() => {
      const buffer = window.terminal.buffer.active;
      return Array.from({ length: window.terminal.rows }, (_, row) => buffer.getLine(buffer.baseY + row).translateToString(true));
    }),
    async shows(text) {
      await until(async () => `${text} on\n${(await this.lines()).join('\n').trimEnd()}\n${await this.status()}`,
        async () => (await this.lines()).some(line => line.includes(text)));
    },
    async type(text) {
      await page.keyboard.type(text);
    },
    async run(command) {
      await page.keyboard.type(`${command}\n`);
    },
    status: () => page.textContent('#status'),
    paste: text => page.evaluate(pasted => window.terminal.paste(pasted), text),
  };
}

const steps = {
  async echo(tab) {
    await tab.shows('$ ');
    await tab.run('echo gr""een Ä漢字');
    await tab.shows('green Ä漢字');
    if (await tab.page.evaluate(() => location.hash) !== '') {
      throw new Error('the token is in the address line');
    }
  },
  async resize(tab) {
    await tab.page.setViewportSize({ width: 700, height: 400 });
    await until('the terminal follows', () => tab.page.evaluate(() => window.terminal.cols < 100));
    const [rows, columns] = await tab.page.evaluate(() => [window.terminal.rows, window.terminal.cols]);
    await tab.run('stty size');
    await tab.shows(`${rows} ${columns}`);
    for (let round = 0; round < 10; round++) { // keys and sizes in one queue
      await tab.page.setViewportSize({ width: 500 + 20 * round, height: 400 });
      await tab.run(`clear; echo rou""nd${round}`);
      await tab.shows(`round${round}`);
    }
  },
  async vim(tab) {
    await tab.run('vim -u NONE -N');
    await tab.shows('~');
    await tab.type('ihello from vim');
    await tab.shows('hello from vim');
    await tab.page.screenshot({ path: picture });
    await tab.page.keyboard.press('Escape');
    await tab.run(':q!');
    await tab.shows('$ ');
  },
  async htop(tab) {
    await tab.run('htop');
    await tab.shows('Load average');
    await tab.page.keyboard.press('q');
    await tab.shows('$ ');
  },
  async queries(tab) {
    // DA1 and DSR: one answer each, the server's
    await tab.run(`stty raw -echo min 0 time 5; printf '\\33[c\\33[5n'; answer=$(cat | od -An -c | tr -d ' \\n'); stty sane; echo "ans""wer $answer|"`);
    await tab.shows('answer ');
    const answer = (await tab.lines()).join('').match(/answer (.*?)\|/);
    if (answer === null || answer[1].split('033[0n').length !== 2) {
      throw new Error(`not one answer: ${(await tab.lines()).join('\n')}`);
    }
  },
  async pasteOf1MB(tab) {
    await tab.run('stty raw -echo; echo re""ady; head -c 1000000 | cksum; stty sane');
    await tab.shows('ready');
    await tab.paste('0123456789'.repeat(100_000));
    await tab.shows('2881818396 1000000');
  },
  async delayedPosts(tab) {
    await tab.page.route('**/input?*', async route => {
      await new Promise(done => setTimeout(done, Math.random() * 60));
      if (Math.random() < 0.2) {
        await route.fetch(); // it arrives, its answer is lost: the page sends it again
        await route.abort();
      } else {
        await route.continue();
      }
    });
    await tab.run('clear; cat >/dev/null');
    await tab.type('the quick brown fox jumps over the lazy dog');
    await tab.shows('the quick brown fox jumps over the lazy dog');
    await tab.page.unroute('**/input?*');
    await tab.page.keyboard.press('Control+c');
    await tab.shows('$ ');
  },
  async reconnectWithinTheRing(tab) {
    await tab.run('clear; echo bef""ore; sleep 1; seq 200000 200040; echo aft""er; touch ' + picture + '.ring');
    await tab.shows('before');
    await tab.page.context().setOffline(true);
    await tab.page.evaluate(() => window.connection.abort());
    await until('the loss is noticed', async () => (await tab.status()).includes('lost'));
    await until('the program has written', () => fs.existsSync(`${picture}.ring`)); // what it has written is missing
    await tab.page.context().setOffline(false);
    await tab.shows('after');
    const numbers = await tab.page.evaluate(() => {
      const buffer = window.terminal.buffer.active;
      return Array.from({ length: buffer.length }, (_, row) => buffer.getLine(row).translateToString(true)).filter(line => /^2000\d\d$/.test(line));
    });
    if (numbers.join() !== Array.from({ length: 41 }, (_, index) => 200000 + index).join()) {
      throw new Error(`not each once: ${numbers}`);
    }
  },
  async reconnectBeyondTheRing(tab) {
    await tab.run('clear; echo bef""ore; sleep 1; seq 300000; echo aft""er; touch ' + picture + '.beyond');
    await tab.shows('before');
    await tab.page.context().setOffline(true);
    await tab.page.evaluate(() => window.connection.abort());
    await until('the loss is noticed', async () => (await tab.status()).includes('lost'));
    await until('the program has written', () => fs.existsSync(`${picture}.beyond`));
    await tab.page.context().setOffline(false);
    await tab.shows('after');
    await tab.shows('300000');
  },
  async flood(tab) {
    await tab.run('clear; head -c 100000000 /dev/zero | tr "\\0" "x" | fold -w 79; echo; echo flo""oded');
    await until('the end of the flood', async () => (await tab.lines()).some(line => line.includes('flooded')));
    const used = await tab.page.evaluate(() => performance.memory.usedJSHeapSize);
    if (used > 100_000_000) {
      throw new Error(`the page uses ${used} bytes`);
    }
  },
  async reloadGivesThePicture(tab) {
    // more than the ring has, so that the bytes before it are gone
    await tab.run('seq 300000; clear; printf "\\33[7mrev""erse\\33[0m\\n"');
    await tab.shows('reverse');
    await tab.page.reload();
    await tab.page.waitForFunction(() => window.terminal);
    await tab.shows('reverse');
    const inverse = await tab.page.evaluate(() => window.terminal.buffer.active.getLine(window.terminal.buffer.active.baseY).getCell(0).isInverse());
    if (!inverse) {
      throw new Error(`not reverse: ${(await tab.lines()).join('\n')}`);
    }
  },
  async twoTabs(tab, context) {
    const other = await open(context);
    await other.shows('$ ');
    await until('the first tab gives up', async () => (await tab.status()).includes('another page'));
    await other.run('echo sec""ond');
    await other.shows('second');
    await other.run('exit 7');
    await until('the status', async () => (await other.status()).includes('7'));
  },
};

(async () => {
  const browser = await chromium.launch({ executablePath, headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-quic',
    '--no-first-run', '--disable-background-networking', '--enable-precise-memory-info'] });
  try {
    const context = await browser.newContext();
    const tab = await open(context);
    for (const [name, step] of Object.entries(steps)) {
      const begun = Date.now();
      try {
        await step(tab, context);
      } catch (failed) {
        failed.message = `${name}: ${failed.message}`;
        throw failed;
      }
      console.log(`${name} ${Date.now() - begun} ms`);
    }
  } finally {
    await browser.close();
  }
})().catch(failed => {
  console.log(failed.stack);
  process.exit(1);
});
