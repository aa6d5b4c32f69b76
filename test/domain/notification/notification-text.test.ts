import { type AlertSubject, notificationText } from '../../../src/domain/notification/notification-text';

const request: Exclude<AlertSubject, { text: string }> = {
  kind: 'HANDOFF_REQUESTED',
  visitorName: 'Vera',
  agentName: 'Ada',
  origin: 'VISITOR',
  reason: null,
  summary: null,
  lastVisitorText: 'Where is my parcel?',
  transfer: null,
};

describe('notificationText', () => {
  it('names the visitor in the title of each kind', () => {
    const titles = [
      request,
      { ...request, origin: 'AI' as const },
      { ...request, kind: 'HANDOFF_UNANSWERED' as const },
      { kind: 'INQUIRY_SUBMITTED' as const, visitorName: 'Vera', text: 'Hello' },
      { kind: 'MESSAGE_RECEIVED' as const, visitorName: 'Vera', text: 'Hello', count: 1 },
    ].map((subject) => notificationText(subject).title);
    expect(titles).toEqual([
      'Vera asks for a person',
      'Ada asks for a person for Vera',
      'Nobody answered Vera in time',
      'Vera left an inquiry',
      'Vera wrote a message',
    ]);
  });

  it('says the reason, else the summary, and what the visitor wrote last', () => {
    expect(notificationText({ ...request, reason: 'Angry', summary: 'Long story' }).body).toBe(
      'Angry\n“Where is my parcel?”',
    );
    expect(notificationText({ ...request, reason: ' ', summary: 'Long story' }).body).toBe(
      'Long story\n“Where is my parcel?”',
    );
    expect(notificationText(request).body).toBe('Where is my parcel?');
    expect(notificationText({ ...request, reason: 'Where is my parcel?' }).body).toBe('Where is my parcel?');
    expect(notificationText({ ...request, reason: 'Angry', lastVisitorText: null }).body).toBe('Angry');
    expect(notificationText({ ...request, lastVisitorText: null }).body).toBe('');
  });

  it('of a transfer names who hands it on, and says the note before the reason', () => {
    const transfer = { byName: 'Ben\nOperator', note: 'Knows me' };
    const toTeam = notificationText({ ...request, reason: 'Angry', transfer });
    expect(toTeam).toEqual({
      title: 'Ben Operator hands Vera to the team',
      body: 'Knows me\n“Where is my parcel?”',
    });
    const toPerson = notificationText({ ...request, kind: 'HANDOFF_TRANSFERRED', reason: 'Angry', transfer });
    expect(toPerson.title).toBe('Ben Operator hands Vera over to you');
    const without = { byName: ' ', note: null };
    expect(notificationText({ ...request, reason: 'Angry', transfer: without })).toEqual({
      title: 'An operator hands Vera to the team',
      body: 'Angry\n“Where is my parcel?”',
    });
  });

  it('cuts a long reason so that the words of the visitor have room', () => {
    const { body } = notificationText({ ...request, reason: 'r'.repeat(300) });
    expect(body).toBe(`${'r'.repeat(99)}…\n“Where is my parcel?”`);
  });

  it('cuts the body at 200 code points and never inside one', () => {
    const body = notificationText({
      kind: 'MESSAGE_RECEIVED',
      visitorName: 'Vera',
      text: '😀'.repeat(300),
      count: 1,
    }).body;
    expect(Array.from(body)).toHaveLength(200);
    expect(body).toBe(`${'😀'.repeat(199)}…`);
    expect(
      notificationText({ kind: 'MESSAGE_RECEIVED', visitorName: 'Vera', text: '😀'.repeat(200), count: 1 }).body,
    ).toBe('😀'.repeat(200));
  });

  it('keeps a title on one line, whatever the visitor calls itself', () => {
    expect(notificationText({ ...request, visitorName: 'Vera\r\nBcc: x@example.com' }).title).toBe(
      'Vera Bcc: x@example.com asks for a person',
    );
    expect(notificationText({ ...request, visitorName: ' \n' }).title).toBe('A visitor asks for a person');
  });
});
