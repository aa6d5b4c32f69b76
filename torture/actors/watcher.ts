import type { Followed } from './follow';
import { followEvents } from './follow-events';
import { chanceOf, type Stage } from './stage';
import type { World } from './world';

/** The partner's dashboards: everything in the workspace, read and never answered. Resolves when they have begun. */
export async function watchWorkspace(stage: Stage, world: World, keep: (followed: Followed) => void): Promise<void> {
  const watchers = [
    { name: 'the workspace feed', kind: 'WORKSPACE', scopeId: world.workspaceId, after: null },
    { name: 'the owner’s organization feed', kind: 'ORGANIZATION', scopeId: world.organizationId, after: world.cursor },
  ] as const;
  const feeds = watchers.map((watcher) =>
    followEvents({
      ...stage,
      ...watcher,
      token: world.ownerToken,
      chance: chanceOf(stage, watcher.name),
      agentIds: null,
    }),
  );
  feeds.forEach(keep);
  await Promise.all(feeds.map(({ begun }) => begun));
}
