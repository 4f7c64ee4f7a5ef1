/** What counts as one caller: an IPv4 address, or the /64 of an IPv6 address, all of which one customer has. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail = ''] = plain.split('%')[0]?.split('::') ?? [];
  const groups = head.split(':').filter((group) => group !== '');
  const last = tail.split(':').filter((group) => group !== '');
  const gap = plain.includes('::') ? Array(Math.max(0, 8 - groups.length - last.length)).fill('0') : [];
  return `${[...groups, ...gap, ...last].slice(0, 4).join(':')}::/64`;
}
