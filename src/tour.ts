import { loadConfig } from './config/load-config';
import { play } from './tour/play';
import { TourError } from './tour/tour-error';

/** `npm run tour`: exit code 0 when everything promised was seen, else 1 and one line that says what was not. */
play(loadConfig().dataDir, process.stdout).then(
  () => process.exit(0),
  (error: unknown) => {
    const text =
      error instanceof TourError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
    process.stderr.write(`The tour stopped: ${text}\n`);
    process.exit(1);
  },
);
