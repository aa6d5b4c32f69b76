/** Who writes an agent's replies. */
export type ResponderKind = 'NONE' | 'SCRIPTED' | 'OPENAI_COMPATIBLE' | 'WEBHOOK' | 'API';
