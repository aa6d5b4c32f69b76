import {
  decideOffer,
  mayLeaveInquiry,
  type OfferDecision,
  type OfferSettings,
} from '../../../src/domain/conversation/handoff-offer';
import type { ConversationStatus, HandoffState } from '../../../src/domain/conversation/states';

const settings: OfferSettings = {
  organizationId: 'organization',
  handoffEnabled: true,
  fixedPopup: false,
  offerWhenOffline: true,
};
const online = { total: 3, online: 1 };
const offline = { total: 3, online: 0 };
const nobody = { total: 0, online: 0 };
const STATES: (HandoffState | null)[] = [null, 'RETURNED', 'RESOLVED', 'UNANSWERED', 'CANCELLED'];

function conversation(handoffState: HandoffState | null, status: ConversationStatus = 'OPEN') {
  return { status, handoffState };
}

function none(reason: OfferDecision['reason'], inquiryAvailable: boolean): OfferDecision {
  return { mode: 'NONE', reason, inquiryAvailable };
}

describe('decideOffer', () => {
  it.each([
    ['nobody asked yet', null],
    ['a person waited for', conversation('REQUESTED')],
    ['a person there', conversation('ACCEPTED')],
    ['the last request unanswered', conversation('UNANSWERED')],
    ['the conversation closed', conversation(null, 'CLOSED')],
  ])('promise 1: switched off, with %s, offers neither handoff nor inquiry', (_case, subject) => {
    const off = { ...settings, handoffEnabled: false, fixedPopup: true };
    expect(decideOffer(off, online, subject)).toEqual(none('DISABLED', false));
  });

  it.each<[string, Partial<OfferSettings>, 'POPUP' | 'FIXED_POPUP']>([
    ['a plain popup', {}, 'POPUP'],
    ['a fixed popup', { fixedPopup: true }, 'FIXED_POPUP'],
    ['the plain popup when the organization is gone', { fixedPopup: true, organizationId: null }, 'POPUP'],
  ])('promise 2: offers %s', (_case, change, mode) => {
    expect(decideOffer({ ...settings, ...change }, online, null)).toEqual({
      mode,
      reason: null,
      inquiryAvailable: false,
    });
  });

  it.each([true, false])('promise 3: without operators offers only the inquiry (offer when offline: %s)', (flag) => {
    const decision = decideOffer({ ...settings, offerWhenOffline: flag }, nobody, conversation(null));
    expect(decision).toEqual(none('NO_OPERATORS', true));
  });

  it('promise 3: with nobody online offers only the inquiry, unless it is offered offline too', () => {
    const strict = { ...settings, offerWhenOffline: false };
    expect(decideOffer(strict, offline, conversation(null))).toEqual(none('NOBODY_ONLINE', true));
    expect(decideOffer(strict, online, conversation(null)).mode).toBe('POPUP');
    expect(decideOffer(settings, offline, conversation(null)).mode).toBe('POPUP');
  });

  it.each([online, offline, nobody])('while a person is there or asked for, offers nothing: %j', (operators) => {
    expect(decideOffer(settings, operators, conversation('REQUESTED'))).toEqual(none('ALREADY_REQUESTED', false));
    expect(decideOffer(settings, operators, conversation('ACCEPTED'))).toEqual(none('HUMAN_IN_CONTROL', false));
  });

  it.each(STATES)('in a closed conversation, last handoff %s, offers only the inquiry', (state) => {
    expect(decideOffer(settings, online, conversation(state, 'CLOSED'))).toEqual(none('CONVERSATION_CLOSED', true));
  });

  it.each(STATES)(
    'promise 10: in an open conversation, last handoff %s, adds the inquiry after UNANSWERED',
    (state) => {
      const expected = { mode: 'POPUP', reason: null, inquiryAvailable: state === 'UNANSWERED' };
      expect(decideOffer(settings, online, conversation(state))).toEqual(expected);
    },
  );
});

describe('mayLeaveInquiry', () => {
  it.each([
    [true, 'IDLE', true],
    [true, 'REQUESTED', true],
    [true, 'ACCEPTED', false],
    [true, 'CLOSED', true],
    [false, 'IDLE', false],
    [false, 'REQUESTED', false],
    [false, 'ACCEPTED', false],
    [false, 'CLOSED', false],
  ] as const)('with handoff enabled %s in phase %s: %s', (handoffEnabled, phase, expected) => {
    expect(mayLeaveInquiry({ handoffEnabled }, phase)).toBe(expected);
  });
});

describe('decideOffer outside of business hours', () => {
  it('offers the inquiry at once, and says so before who is online', () => {
    const closed = decideOffer({ ...settings, offerWhenOffline: false }, offline, null, false);
    expect(closed).toEqual(none('OUTSIDE_BUSINESS_HOURS', true));
    expect(decideOffer(settings, online, conversation('UNANSWERED'), false)).toEqual(
      none('OUTSIDE_BUSINESS_HOURS', true),
    );
  });

  it('changes nothing about what is going on already', () => {
    expect(decideOffer(settings, online, conversation('REQUESTED'), false)).toEqual(none('ALREADY_REQUESTED', false));
    expect(decideOffer(settings, online, conversation('ACCEPTED'), false)).toEqual(none('HUMAN_IN_CONTROL', false));
    expect(decideOffer(settings, { total: 0, online: 0 }, null, false).reason).toBe('NO_OPERATORS');
  });
});
