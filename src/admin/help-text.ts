import type { AdminCommand, AdminOption } from './admin-command';

export function helpText(commands: readonly AdminCommand[]): string {
  const paragraphs = commands.map(({ name, summary, options }) =>
    [`  ${[name, ...options.map(spell)].join(' ')}`, `      ${summary}`].join('\n'),
  );
  return [
    'npm run admin -- <command>: what the person who runs the server does past the API.',
    '',
    ...paragraphs,
    '',
    'It works on DATABASE_URL; without one, on the embedded database of the `npm start` that is running on',
    'BATON_DATA_DIR. A password is made and printed once, or read from stdin with --password-stdin.',
  ].join('\n');
}

function spell({ name, value, isRequired }: AdminOption): string {
  const option = value === null ? `--${name}` : `--${name} ${value}`;
  return isRequired ? option : `[${option}]`;
}
