import { type DemoFile, readDemoFile } from './demo-file';
import { Narrator } from './narrator';
import { promises } from './promises';
import { clearTheStage, setTheStage, signInEverybody } from './stage';
import { handBack, person, question, race, request } from './story';

/**
 * Plays the whole story against the running demo, through the public API alone, and prints it as it happens.
 *
 * @throws TourError when the demo is not there, or something promised does not happen
 */
export async function play(dataDirectory: string, output: NodeJS.WriteStream): Promise<void> {
  const began = performance.now();
  const demo = readDemoFile(dataDirectory);
  const people = await signInEverybody(demo);
  const narrator = new Narrator(output);
  narrator.title('Baton: one conversation, from the AI to a person and back', demo.graphqlUrl);
  try {
    await tell(demo, people, narrator);
  } catch (error) {
    // A message may be half printed.
    narrator.line('');
    throw error;
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  narrator.line(`\n  All of it in ${seconds} s. Look at it yourself: ${new URL('/explorer', demo.graphqlUrl).href}\n`);
}

async function tell(
  demo: DemoFile,
  people: Awaited<ReturnType<typeof signInEverybody>>,
  narrator: Narrator,
): Promise<void> {
  const stage = await setTheStage(demo, people, narrator);
  await question(stage, narrator);
  const handoff = await request(stage, narrator);
  const winner = await race(stage, handoff, narrator);
  await person(stage, winner, demo, narrator);
  await handBack(stage, winner, handoff, narrator);
  await promises(stage, narrator);
  await clearTheStage(stage);
}
