import type { Followed } from './follow';
import { followEvents } from './follow-events';
import { chanceOf, type Stage } from './stage';
import type { World } from './world';

/** The neighbour's dashboard, in which nothing happens: whatever came would be somebody else's. */
export async function watchNeighbour(
  stage: Stage,
  { neighbour: { token, workspaceId } }: World,
  keep: (followed: Followed) => void,
): Promise<void> {
  const name = 'the neighbour’s workspace feed';
  const about = { name, kind: 'WORKSPACE', scopeId: workspaceId, agentIds: null, after: null } as const;
  const chance = chanceOf(stage, name);
  const feed = followEvents({ ...stage, ...about, token, chance, readsNotes: true, isLate: true });
  keep(feed);
  await feed.begun;
}

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
      readsNotes: true,
    }),
  );
  feeds.forEach(keep);
  await Promise.all(feeds.map(({ begun }) => begun));
}
