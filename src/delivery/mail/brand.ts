import { parseUrl } from '../../domain/validation/parse-url';
/** Whose mail this is, resolved already: organization, else workspace, else server. */
export interface Brand {
  displayName: string;
  logoUrl: string | null;
  primaryColor: string | null;
  supportEmail: string | null;
  emailFromName: string;
  dashboardUrl: string | null;
}

/** What a template makes. */
export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

/** Used when a brand has no colour, or one that is not plain `#rrggbb`. */
const DEFAULT_COLOR = '#3b5bdb';

/** The brand's colour, safe to stand inside a style attribute, and a text colour that can be read on it. */
export function brandColors(brand: Brand): { background: string; foreground: string } {
  const isPlain = brand.primaryColor !== null && /^#[0-9a-f]{6}$/i.test(brand.primaryColor);
  const background = isPlain && brand.primaryColor !== null ? brand.primaryColor : DEFAULT_COLOR;
  // Above 0.179 relative luminance black has the higher contrast, below it white (WCAG 2.2 contrast ratio).
  return { background, foreground: relativeLuminance(background) > 0.179 ? '#000000' : '#ffffff' };
}

/** The URL when it may stand in a link or an image, else null: `javascript:` and `data:` never reach a mail. */
export function webUrl(url: string | null): string | null {
  const parsed = url === null ? null : parseUrl(url);
  if (parsed === null) return null;
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : null;
}

function relativeLuminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = parseInt(color.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
