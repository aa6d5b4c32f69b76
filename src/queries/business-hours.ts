import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { OperatorScope } from '../database/operators';
import { preparedIn } from '../database/prepared';
import type { Read, TenantScope } from '../database/scope';
import type { BusinessHours } from '../domain/conversation/business-hours';
import { Organization } from '../entities/organization';

type Place = Pick<OperatorScope, 'workspaceId' | 'organizationId'>;

/** When the people of an organization answer; null: at any hour, as staff do for agents of no organization. */
export async function readBusinessHours(manager: EntityManager, place: Place): Promise<BusinessHours | null> {
  if (place.organizationId === null) return null;
  const where = { id: place.organizationId, workspaceId: place.workspaceId };
  return (
    (await manager.findOne(Organization, { where, select: { id: true, businessHours: true } }))?.businessHours ?? null
  );
}

const HOURS = {
  name: 'hours of organizations',
  text: `select id, business_hours as "businessHours" from organizations where id = any ($1::uuid[]) and workspace_id = $2`,
};

/** The same for many. Callers without a credential ask for several tenants. */
export function businessHoursLoader(
  readOf: (scope: TenantScope) => Read,
  cache: boolean,
): DataLoader<Place, BusinessHours | null, string> {
  return new DataLoader<Place, BusinessHours | null, string>(
    async (places) => {
      const found = new Map<string, BusinessHours | null>();
      for (const workspaceId of new Set(places.map((place) => place.workspaceId))) {
        const ids = places.flatMap((place) =>
          place.workspaceId === workspaceId && place.organizationId !== null ? [place.organizationId] : [],
        );
        if (ids.length === 0) continue;
        const rows = await readOf({ workspaceId })(async (manager) => {
          const ask = await preparedIn(manager);
          return ask<Pick<Organization, 'id' | 'businessHours'>>(HOURS, [[...new Set(ids)], workspaceId]);
        });
        for (const row of rows) found.set(row.id, row.businessHours);
      }
      return places.map(({ organizationId }) => found.get(organizationId ?? '') ?? null);
    },
    { cache, cacheKeyFn: (place) => `${place.workspaceId}:${place.organizationId ?? ''}` },
  );
}
