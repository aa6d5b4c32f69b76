import type { Refusal } from '../refusal';
import { checkColour } from './colour';
import { checkEmail } from './email';
import { checkName } from './name';
import { whenSet } from './patch';
import { checkWebAddress } from './web-address';

/** A change of a brand: left out keeps the value, null takes it away. */
export interface BrandingPatch {
  readonly displayName?: string | null;
  readonly logoUrl?: string | null;
  readonly primaryColor?: string | null;
  readonly supportEmail?: string | null;
  readonly emailFromName?: string | null;
  readonly dashboardUrl?: string | null;
}

export function checkBranding(patch: BrandingPatch, ...path: string[]): Refusal[] {
  return [
    ...whenSet(patch.displayName, checkName, ...path, 'displayName'),
    ...whenSet(patch.logoUrl, checkWebAddress, ...path, 'logoUrl'),
    ...whenSet(patch.primaryColor, checkColour, ...path, 'primaryColor'),
    ...whenSet(patch.supportEmail, checkEmail, ...path, 'supportEmail'),
    ...whenSet(patch.emailFromName, checkName, ...path, 'emailFromName'),
    ...whenSet(patch.dashboardUrl, checkWebAddress, ...path, 'dashboardUrl'),
  ];
}
