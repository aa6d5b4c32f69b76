import { type Brand, brandColors } from './brand';
import { singleLine } from './outgoing-mail';
import { templateOf } from './templates';
import type { Texts } from './texts';

const page = templateOf('turn-off');

/** The page behind the link that turns mails off. UNKNOWN: the token leads to nobody. Pure. */
export function renderTurnOffPage(state: 'ASKED' | 'DONE' | 'UNKNOWN', brand: Brand, texts: Texts): string {
  const { background, foreground } = brandColors(brand);
  const text = { ASKED: 'turnOff.question', DONE: 'turnOff.done', UNKNOWN: 'turnOff.unknown' } as const;
  return page({
    ...{ language: texts.language, direction: texts.direction, background, foreground },
    title: texts.text('turnOff.title', { brand: singleLine(brand.displayName, 100) }),
    text: texts.text(text[state]),
    action: state === 'ASKED' ? texts.text('turnOff.action') : null,
  });
}
