/** One rule of the scripted responder; the first whose pattern matches the visitor's message is used. */
export interface ScriptRule {
  name: string;
  /** Matched against the message in lower case, without accents and punctuation, with single spaces. */
  pattern: RegExp;
  action: { kind: 'ANSWER'; text: string } | { kind: 'ASK_FOR_HUMAN'; reason: string };
}

export const NO_PERSON_ANSWER =
  'I’m sorry, I can’t bring a person into this chat right now. I’m an AI assistant and I’m still here: tell me what you need, and I’ll do what I can.';

/** For a message without a word to hold on to. */
export const UNCLEAR_ANSWER = 'I’d like to help. Could you tell me in a few more words what this is about?';

const PERSON =
  'humans?|people|real person|(?<!per |each |\\d )person|agents?|operator|representative|(?:some|any)(?:one|body) (?:real|else)|staff';
const PERSON_ELSEWHERE = [
  'humano|humana|una persona|agente|operador|operadora|asesor|asesora|alguien',
  'mensch|menschen|mitarbeiter|mitarbeiterin|berater|jemand(?:em|en)?',
  'humain|une personne|une vraie personne|conseiller|conseillere|agent|quelqu un',
  'humano|uma pessoa|atendente|alguem',
].join('|');

const COMPLAINT = [
  'complain|complaint|complaints',
  'queja|reclamacion',
  'beschwerde|reklamation',
  'plainte|reclamation',
  'reclamacao|queixa',
].join('|');

const REFUND = [
  'refund|refunds|refunded|money back',
  'reembolso|devolucion',
  'ruckerstattung|erstattung|geld zuruck',
  'remboursement|rembourser',
  'reembolso|estorno',
].join('|');

/** Ordered. The answers promise nothing about the business: the script does not know it. */
export const SCRIPT: readonly ScriptRule[] = [
  {
    name: 'asks whether this is a person',
    pattern: words(
      '(?:are|is) (?:you|this|it|there) (?:really |actually )?(?:an? )?(?:human|person|real|real person|bot|robot|chatbot|machine|ai)|eres humano|bist du ein mensch|sind sie ein mensch|es tu humain|etes vous humain|voce e humano',
    ),
    action: {
      kind: 'ANSWER',
      text: 'I’m an AI assistant, not a person. If you would rather talk to somebody from the team, just say “person”.',
    },
  },
  {
    name: 'wants no person',
    pattern: words(`(?:do not|don t|dont|no) (?:need|want)(?: to \\w+)*(?: an?| any| with)* (?:${PERSON})`),
    action: { kind: 'ANSWER', text: 'All right, then let’s go on here. What can I do for you?' },
  },
  {
    name: 'wants money back',
    pattern: words(REFUND),
    action: { kind: 'ASK_FOR_HUMAN', reason: 'The visitor asks about a refund.' },
  },
  {
    name: 'complains',
    pattern: words(COMPLAINT),
    action: { kind: 'ASK_FOR_HUMAN', reason: 'The visitor has a complaint.' },
  },
  {
    name: 'wants a person',
    pattern: words(`${PERSON}|${PERSON_ELSEWHERE}|(?:talk|speak|chat) (?:to|with) (?:some|any)(?:one|body)`),
    action: { kind: 'ASK_FOR_HUMAN', reason: 'The visitor asked for a person.' },
  },
  {
    name: 'thanks',
    pattern: words('thanks|thank you|thx|gracias|danke|merci|obrigado|obrigada'),
    action: { kind: 'ANSWER', text: 'You’re welcome! Is there anything else that I can do for you?' },
  },
  {
    name: 'says goodbye',
    pattern: words('bye|goodbye|see you|adios|tschuss|au revoir|tchau'),
    action: { kind: 'ANSWER', text: 'Goodbye, and thank you for dropping by!' },
  },
  {
    name: 'asks about an order or delivery',
    pattern: words(
      'order|orders|parcel|package|delivery|deliver|delivered|shipping|shipped|tracking|pedido|envio|bestellung|lieferung|commande|livraison|encomenda|entrega',
    ),
    action: {
      kind: 'ANSWER',
      text: 'Happy to help with your order. Could you send me its number and tell me what you would like to know? If it is urgent, I can ask a person to join.',
    },
  },
  {
    name: 'asks about prices',
    pattern: words('price|prices|pricing|cost|costs|how much|plan|plans|precio|preis|preise|prix|preco'),
    action: {
      kind: 'ANSWER',
      text: 'Good question. Which product or plan do you have in mind? I’ll narrow it down with you, and a person can give you a binding price.',
    },
  },
  {
    name: 'cannot sign in',
    pattern: words('password|log in|login|sign in|locked out|contrasena|passwort|mot de passe|senha'),
    action: {
      kind: 'ANSWER',
      text: 'Let’s get you back in. Please try “Forgot password” on the sign-in page first; if no e-mail arrives within a few minutes, tell me and I’ll ask a person to look at your account.',
    },
  },
  {
    name: 'asks about hours',
    pattern: words('opening hours|open|opening|closed|hours|horario|offnungszeiten|horaires'),
    action: {
      kind: 'ANSWER',
      text: 'I’m here around the clock. For the hours of the team I would rather ask than guess: say “person” and I’ll see who is there.',
    },
  },
  {
    name: 'greets',
    pattern: words('hi|hello|hey|good morning|good evening|good afternoon|hola|hallo|guten tag|bonjour|ola|bom dia'),
    action: { kind: 'ANSWER', text: 'Hello! I’m the AI assistant here. What can I help you with?' },
  },
];

/** Left out when the fallback names the topic. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about above after again all also am an and any are as at be because been before but by can cannot could did do does doing don down for from get give got had has have having he help her here him his ' +
    'how i if in into is it its just know let like ll m make many may me might more most much must my need no not now of off on one only or other our out over own please re really s say see she should so some ' +
    'still such t take tell than that the their them then there these they thing this those to too under until up us ve very want was we were what when where which while who why will with without would yes you your'
  ).split(' '),
);

/** Whole words only; the alternatives are written in lower case without accents. */
function words(alternatives: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, 'u');
}
