import { generic } from './generic.ts';
import type { FileFormat, FormatRules } from './paymentFile.ts';
import { paypal } from './paypal.ts';
import { sepa } from './sepa.ts';
import { trc20 } from './trc20.ts';
import { wise } from './wise.ts';

/** Every format that there is, and its rules. */
export const FORMATS: Readonly<Record<FileFormat, FormatRules>> = {
  sepa,
  wise,
  paypal,
  'usdt-trc20': trc20,
  generic,
};
