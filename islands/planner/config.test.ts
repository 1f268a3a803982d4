import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('the configuration', () => {
  it('is read from the mount point, with defaults for what may be missing', () => {
    expect(readConfig('{"day":"2026-11-23","timeZone":"Europe/Rome","days":7,"api":"/api/","canPlan":true}')).toEqual({
      locale: 'en',
      csrf: '',
      canPlan: true,
      api: '/api',
      day: '2026-11-23',
      days: 7,
      team: null,
      timeZone: 'Europe/Rome',
      ticketUrl: '/tickets/{id}/',
    });
  });

  it('is refused without a day or a zone', () => {
    expect(() => readConfig('{"timeZone":"Europe/Rome"}')).toThrow('day');
    expect(() => readConfig('{"day":"2026-11-23"}')).toThrow('timeZone');
    expect(() => readConfig(undefined)).toThrow();
  });
});
