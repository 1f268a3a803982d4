import { describe, expect, it } from 'vitest';
import { readConfig, USUAL } from './config.ts';

describe('the configuration', () => {
  it('is read from the mount point, with defaults for what may be missing', () => {
    expect(readConfig('{"day":"2026-11-23","timeZone":"Europe/Rome","view":"week","look":{"zoom":2},"api":"/api/","canPlan":true}')).toEqual({
      locale: 'en',
      csrf: '',
      canPlan: true,
      api: '/api',
      day: '2026-11-23',
      view: 'week',
      team: null,
      timeZone: 'Europe/Rome',
      events: '',
      ticketUrl: '/tickets/{id}/',
      look: { ...USUAL, zoom: 2 },
    });
  });

  it('is refused without a day or a zone', () => {
    expect(() => readConfig('{"timeZone":"Europe/Rome"}')).toThrow('day');
    expect(() => readConfig('{"day":"2026-11-23"}')).toThrow('timeZone');
    expect(() => readConfig(undefined)).toThrow();
  });
});
