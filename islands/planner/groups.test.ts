import { describe, expect, it } from 'vitest';
import { arranged, type Arrangement, type Line } from './groups.ts';
import { aCalendar } from './samples.ts';

const named = (id: number, name: string, teams: number[], branch = 1) => ({ ...aCalendar(), id, name, teams, branch });
const people = [
  named(1, 'Ștefan Ionescu', [20, 10], 2),
  named(2, 'Giulia Rossi', [10]),
  named(3, 'Luca Brambilla', []),
];
const how = (changes: Partial<Arrangement> = {}): Arrangement => ({
  groups: 'none',
  favourites: [],
  collapsed: [],
  search: '',
  teams: [
    { id: 10, name: 'Crew' },
    { id: 20, name: 'Away' },
  ],
  branches: [
    { id: 1, name: 'Milano' },
    { id: 2, name: 'Cluj' },
  ],
  words: { favourites: 'Favourites', without: 'Without team' },
  ...changes,
});
const told = (lines: Line[]) =>
  lines.map((line) => (line.kind === 'group' ? `${line.label} ${line.count}${line.open ? '' : ' closed'}` : line.calendar.id));

describe('rows', () => {
  it('stand one below the other, favourites on top', () => {
    expect(told(arranged(people, how()))).toEqual([1, 2, 3]);
    expect(told(arranged(people, how({ favourites: [3] })))).toEqual([3, 1, 2]);
  });

  it('stand by team, everybody once, those without a team last', () => {
    expect(told(arranged(people, how({ groups: 'team' })))).toEqual(['Away 1', 1, 'Crew 1', 2, 'Without team 1', 3]);
    expect(told(arranged(people, how({ groups: 'team', favourites: [2] })))).toEqual([
      'Favourites 1',
      2,
      'Away 1',
      1,
      'Without team 1',
      3,
    ]);
  });

  it('stand by branch, and closed groups hide theirs', () => {
    const lines = arranged(people, how({ groups: 'branch', collapsed: ['branch:1'] }));
    expect(told(lines)).toEqual(['Cluj 1', 1, 'Milano 2 closed']);
  });

  it('are found without accents and case, also in closed groups', () => {
    const lines = arranged(people, how({ groups: 'branch', collapsed: ['branch:2'], search: ' STEFAN ' }));
    expect(told(lines)).toEqual(['Cluj 1', 1]);
    expect(arranged(people, how({ search: 'nobody' }))).toEqual([]);
  });
});
