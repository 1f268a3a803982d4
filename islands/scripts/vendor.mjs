/**
 * Copies the web assets that the server's pages need into Callout's static folder: Tabler's style sheet and script, and
 * a sprite of the icons named in icons.json (`<svg><use href=".../icons.svg#name"></use></svg>`).
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ISLANDS = join(dirname(fileURLToPath(import.meta.url)), '..');
const MODULES = join(ISLANDS, 'node_modules');
const TARGET = join(ISLANDS, '../src/callout/ui/static/vendor');

/** Drops the pointer to a source map, which is not shipped: hashing static storages refuse a pointer to nothing. */
function withoutSourceMap(text) {
  return text.replace(/\n?(\/\*|\/\/)# sourceMappingURL=[^\n]*/g, '');
}

/** Refuses a style sheet that would make the browser fetch something: every page must work without the internet. */
function checkSelfContained(css) {
  const fetched = css.match(/@font-face|@import|url\(\s*["']?(?!["']?(?:data:|#))[^)]*/);
  if (fetched) throw new Error(`tabler.min.css would load something: ${fetched[0].slice(0, 80)}`);
  return css;
}

async function symbol(name) {
  const svg = await readFile(join(MODULES, '@tabler/icons/icons/outline', `${name}.svg`), 'utf8');
  const shapes = svg
    .replace(/^[\s\S]*?<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, '')
    .replace(/\s*\n\s*/g, '');
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
}

async function main() {
  const names = JSON.parse(await readFile(join(ISLANDS, 'icons.json'), 'utf8'));
  const symbols = await Promise.all(names.map(symbol));
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`;
  const dist = join(MODULES, '@tabler/core/dist');
  const css = withoutSourceMap(await readFile(join(dist, 'css/tabler.min.css'), 'utf8'));
  const js = withoutSourceMap(await readFile(join(dist, 'js/tabler.min.js'), 'utf8'));

  await rm(TARGET, { recursive: true, force: true });
  await mkdir(TARGET, { recursive: true });
  await writeFile(join(TARGET, 'tabler.min.css'), checkSelfContained(css));
  await writeFile(join(TARGET, 'tabler.min.js'), js);
  await writeFile(join(TARGET, 'icons.svg'), sprite);
  console.log(`vendor: Tabler and ${names.length} icons`);
}

await main();
