// What asciinema-player shows at the end of an asciicast: player.js CHROMIUM RECORDING PICTURE. Prints the lines of its terminal.
const fs = require('fs');
const path = require('path');
const { chromium } = require('playwright-core');

const [executablePath, recording, picture] = process.argv.slice(2);
const bundle = path.join(path.dirname(require.resolve('asciinema-player/dist/bundle/asciinema-player.min.js')), 'asciinema-player');

(async () => {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
    page.on('pageerror', error => { throw error; });
    await page.setContent('<!doctype html><meta charset="utf-8"><div id="player"></div>');
    await page.addStyleTag({ path: `${bundle}.css` });
    await page.addScriptTag({ path: `${bundle}.min.js` });
    const lines = await page.evaluate(async data => {
      const player = AsciinemaPlayer.create({ data }, document.getElementById('player'), { fit: false, controls: false });
      const ended = new Promise(done => player.addEventListener('ended', done));
      await player.seek('99%');
      await player.play();
      await ended;
      await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
      return [...document.querySelectorAll('.ap-line')].map(line => line.textContent.trimEnd());
    }, fs.readFileSync(recording, 'utf8'));
    await page.screenshot({ path: picture });
    process.stdout.write(lines.join('\n').trimEnd() + '\n');
  } finally {
    await browser.close();
  }
})().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
