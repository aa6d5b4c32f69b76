import { brandColors, webUrl, type Brand } from './brand';
import { html, type HtmlValue, type SafeHtml } from './html';

export const TEXT_STYLE = 'margin:0 0 16px;font-size:16px;line-height:1.55;overflow-wrap:anywhere;';

/** Light colours stand inline, for programs that drop <style>; the classes turn them dark where it is read. */
const DARK_MODE = html`<style>
  :root {
    color-scheme: light dark;
    supported-color-schemes: light dark;
  }
  @media (prefers-color-scheme: dark) {
    .page {
      background: #15171c !important;
      color: #e6e8ec !important;
    }
    .card {
      background: #1f2229 !important;
      border-color: #343945 !important;
    }
    .quiet {
      color: #a2a9b8 !important;
    }
    .quote {
      background: #272b34 !important;
    }
  }
</style>`;

export interface LayoutContent {
  brand: Brand;
  title: string;
  /** One line that mail programs show beside the subject. */
  preview: string;
  content: HtmlValue;
  footer: string;
}

/** The frame of every mail: the brand on top, one card, one quiet line below. Everything in it is escaped. */
export function layout({ brand, title, preview, content, footer }: LayoutContent): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${title}</title>
        ${DARK_MODE}
      </head>
      <body
        class="page"
        style="margin:0;padding:0;background:#f3f4f7;color:#1b1f27;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
      >
        <div style="display:none;max-height:0;overflow:hidden;">${preview}</div>
        <div class="page" style="background:#f3f4f7;padding:24px 12px;">
          <div style="max-width:560px;margin:0 auto;">
            ${header(brand)}
            <div
              class="card"
              style="background:#ffffff;border:1px solid #e1e4ea;border-radius:12px;padding:28px 24px 12px;"
            >
              <h1 style="margin:0 0 16px;font-size:20px;line-height:1.3;overflow-wrap:anywhere;">${title}</h1>
              ${content}
            </div>
            <p
              class="quiet"
              style="margin:16px 4px;font-size:13px;line-height:1.5;color:#5b6270;overflow-wrap:anywhere;"
            >
              ${footer}
            </p>
          </div>
        </div>
      </body>
    </html> `;
  return page.markup;
}

/** A link that looks like a button, in the brand's colour. */
export function button(brand: Brand, url: string, label: string): SafeHtml {
  const { background, foreground } = brandColors(brand);
  return html`<p style="margin:8px 0 20px;">
    <a
      href="${url}"
      style="display:inline-block;padding:12px 20px;border-radius:8px;background:${background};color:${foreground};font-size:16px;font-weight:600;text-decoration:none;"
      >${label}</a
    >
  </p>`;
}

/** Somebody else's words, set apart from ours. */
export function quote(brand: Brand, content: HtmlValue): SafeHtml {
  const { background } = brandColors(brand);
  return html`<div
    class="quote"
    style="margin:0 0 16px;padding:14px 16px 1px;border-left:4px solid ${background};border-radius:4px;background:#f6f7f9;"
  >
    ${content}
  </div>`;
}

function header(brand: Brand): SafeHtml {
  const logo = webUrl(brand.logoUrl);
  const name = html`<span style="font-size:17px;font-weight:700;overflow-wrap:anywhere;">${brand.displayName}</span>`;
  const image =
    logo === null
      ? null
      : html`<img
          src="${logo}"
          alt=""
          height="32"
          style="height:32px;max-width:160px;margin-right:10px;vertical-align:middle;border:0;"
        />`;
  return html`<div style="margin:0 4px 16px;">${image}${name}</div>`;
}
