/** Takes the donation links out of package-lock.json after `npm install`, so that the lock file names no host at all. */
import { readFile, writeFile } from 'node:fs/promises';

const LOCK = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(await readFile(LOCK, 'utf8'));
for (const entry of Object.values(lock.packages)) {
  delete entry.funding;
  delete entry.resolved;
}
const text = JSON.stringify(lock, null, 2) + '\n';
if (text.includes('://')) throw new Error('package-lock.json still names a host');
await writeFile(LOCK, text);
