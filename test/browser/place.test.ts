import { expect, test } from 'vitest';

import { describeInBrowser } from './browser.ts';
import { type ConsoleService, createPlace, startConsoleService } from './visit.ts';

/** What tests begin in is ended after them, whatever became of its beginning. */
describeInBrowser('a place that', () => {
  test('could not be made of its service leaves neither the service nor its chats open', async () => {
    let service: ConsoleService | undefined;
    const place = createPlace(async () => {
      service = await startConsoleService();
      expect(await isOpen(service.origin)).toBe(true);
      throw new Error('made to fail');
    });
    await expect(place.begin()).rejects.toThrow('made to fail');
    await place.end();
    expect(service).toBeDefined();
    expect(await isOpen(service?.origin)).toBe(false);
    expect(await isOpen(service?.telegram.root)).toBe(false);
  });

  test('has no browser leaves no service open that was starting beside it', async () => {
    let made: Promise<ConsoleService> | undefined;
    const make = () => {
      made = startConsoleService();
      return made;
    };
    // With this it says its version, and goes.
    const place = createPlace(make, { switches: ['--version'] });
    await expect(place.begin()).rejects.toThrow('closed');
    await place.end();
    const service = await made;
    expect(service).toBeDefined();
    expect(await isOpen(service?.origin)).toBe(false);
  });
});

async function isOpen(address = ''): Promise<boolean> {
  return await fetch(address).then(
    () => true,
    () => false,
  );
}
