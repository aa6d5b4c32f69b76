/** What a visitor is called who has told no name. */
export const NAMELESS_VISITOR = 'Visitor';
