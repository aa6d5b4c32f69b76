import fc from 'fast-check';
import { DEFAULT_NOTIFICATION_SETTINGS } from '../../src/domain/notification/default-settings';
import { DEFAULT_ALERT_INTERVAL_SECONDS } from '../../src/domain/notification/fold-messages';
import {
  alertIntervalFor,
  type HandoffLayer,
  type MemberDefaults,
  type OwnNotificationChoice,
  resolveBusinessHours,
  resolveHandoff,
  resolveNotifications,
} from '../../src/domain/settings-layers';

const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const seconds = fc.integer({ min: 1, max: 3600 });
const channels = fc.subarray(['EMAIL', 'PUSH'] as const);
const events = fc.constantFrom('ALL_MESSAGES' as const, 'REQUESTS_ONLY' as const);

const handoff: fc.Arbitrary<HandoffLayer> = fc.record({
  escalation: orNull(
    fc.record({ onlineSeconds: fc.nat(99), everyoneSeconds: fc.nat(99), fallbackUserIds: fc.array(fc.uuid()) }),
  ),
  businessHours: orNull(
    fc.record({ timeZone: fc.constant('UTC'), weekly: fc.constant([]), closedDays: fc.constant([]) }),
  ),
  alertIntervalSeconds: orNull(seconds),
});
const own: fc.Arbitrary<OwnNotificationChoice> = fc.record({
  channels: orNull(channels),
  events: orNull(events),
  alertIntervalSeconds: orNull(seconds),
});
const defaults: fc.Arbitrary<MemberDefaults> = fc.record({
  memberChannels: orNull(channels),
  memberEvents: orNull(events),
  alertIntervalSeconds: orNull(seconds),
});

const FIELDS = ['escalation', 'businessHours', 'alertIntervalSeconds'] as const;

describe('resolveHandoff', () => {
  it('takes each value by itself from the agent, else from the organization, else the default, and says which', () => {
    fc.assert(
      fc.property(orNull(handoff), orNull(handoff), (agent, organization) => {
        const resolved = resolveHandoff(agent, organization);
        const nothing = { escalation: null, businessHours: null, alertIntervalSeconds: DEFAULT_ALERT_INTERVAL_SECONDS };
        for (const field of FIELDS) {
          const [ofAgent, ofOrganization] = [agent?.[field] ?? null, organization?.[field] ?? null];
          if (ofAgent !== null) expect(resolved[field]).toEqual({ value: ofAgent, from: 'AGENT' });
          else if (ofOrganization !== null)
            expect(resolved[field]).toEqual({ value: ofOrganization, from: 'ORGANIZATION' });
          else expect(resolved[field]).toEqual({ value: nothing[field], from: 'DEFAULT' });
        }
        expect(resolveBusinessHours(agent, organization)).toEqual(resolved.businessHours);
      }),
    );
  });
});

describe('resolveNotifications', () => {
  it('takes each value by itself from the person, else from the organization, else the default, and says which', () => {
    fc.assert(
      fc.property(orNull(own), orNull(defaults), (choice, organization) => {
        const resolved = resolveNotifications(choice, organization);
        const layers = {
          channels: [choice?.channels, organization?.memberChannels, DEFAULT_NOTIFICATION_SETTINGS.channels],
          events: [choice?.events, organization?.memberEvents, DEFAULT_NOTIFICATION_SETTINGS.events],
          alertIntervalSeconds: [
            choice?.alertIntervalSeconds,
            organization?.alertIntervalSeconds,
            DEFAULT_ALERT_INTERVAL_SECONDS,
          ],
        };
        for (const [field, values] of Object.entries(layers)) {
          const first = values.findIndex((value) => value !== null && value !== undefined);
          const from = ['MEMBER', 'ORGANIZATION', 'DEFAULT'][first];
          expect(resolved[field as keyof typeof resolved]).toEqual({ value: values[first], from });
        }
      }),
    );
  });

  it('gives who has chosen the same, whatever the organization says', () => {
    const chosen = fc.record({ channels, events, alertIntervalSeconds: seconds });
    fc.assert(
      fc.property(chosen, orNull(defaults), orNull(defaults), (choice, before, after) => {
        expect(resolveNotifications(choice, after)).toEqual(resolveNotifications(choice, before));
      }),
    );
  });

  it('takes an empty list of channels for a choice: the bell alone', () => {
    const organization = { memberChannels: ['PUSH' as const], memberEvents: null, alertIntervalSeconds: null };
    const choice = { channels: [], events: null, alertIntervalSeconds: null };
    expect(resolveNotifications(choice, organization).channels).toEqual({ value: [], from: 'MEMBER' });
  });
});

describe('alertIntervalFor', () => {
  it("is the person's own, else what counts in the conversation", () => {
    fc.assert(
      fc.property(orNull(seconds), handoff, handoff, (ownSeconds, agent, organization) => {
        const resolved = resolveHandoff(agent, organization);
        const expected = ownSeconds === null ? resolved.alertIntervalSeconds : { value: ownSeconds, from: 'MEMBER' };
        expect(alertIntervalFor(ownSeconds, resolved)).toEqual(expected);
      }),
    );
  });
});
