/** What the explorer shows at the first visit; after that the browser keeps what the person made of it. */

const signIn = `# 1. Sign in. A demo's address and password are in demo.json in the data directory.
#    The access token is kept in the environment "Session" and goes with every request of every tab.
#    To use a token that you have, write it there: at "token" for sockets and at "headers" for HTTP.
mutation SignIn($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) {
    viewer {
      id
      displayName
      organization {
        id
        name
      }
    }
    accessToken
    expiresAt
    userErrors {
      code
      message
      path
    }
  }
}
`;

const inbox = `# 2. Who waits, the longest wait first; then the rest.
query Inbox {
  viewer {
    ... on User {
      displayName
      permissions
      organization {
        id
        name
        conversations(first: 20, orderBy: { field: URGENCY }) {
          totalCount
          nodes {
            id
            controller
            waitingSince
            unreadCount
            viewerCan
            visitor {
              displayName
            }
            operator {
              displayName
            }
            handoff {
              id
              state
              reason
            }
            lastMessage {
              authorKind
              text
              createdAt
            }
          }
        }
      }
    }
  }
}

mutation Accept($handoffId: ID!) {
  acceptHandoff(input: { handoffId: $handoffId }) {
    handoff {
      id
      state
      acceptedBy {
        displayName
      }
    }
    userErrors {
      code
      message
      path
    }
  }
}

mutation Write($conversationId: ID!, $clientNonce: String!, $text: String!) {
  sendMessage(input: { conversationId: $conversationId, clientNonce: $clientNonce, text: $text }) {
    message {
      id
      sequence
      text
    }
    userErrors {
      code
      message
      path
    }
  }
}
`;

const live = `# 3. What happens in a conversation, as it happens. Send "cursor" back as "after" to go on where you left.
subscription Live($conversationId: ID!, $after: Cursor) {
  conversationEvents(conversationId: $conversationId, after: $after) {
    __typename
    ... on StreamReady {
      cursor
      recovered
      replayed
    }
    ... on MessageAdded {
      cursor
      message {
        sequence
        authorKind
        text
      }
    }
    ... on ConversationChanged {
      cursor
      conversation {
        controller
        controlEpoch
      }
    }
    ... on HandoffChanged {
      cursor
      handoff {
        state
        acceptedBy {
          displayName
        }
      }
    }
  }
}

# What makes a dashboard ring.
subscription Ring($organizationId: ID!) {
  handoffEvents(organizationId: $organizationId) {
    __typename
    ... on HandoffChanged {
      handoff {
        id
        state
        reason
        answerBy
      }
    }
  }
}
`;

const visit = `# 4. Be the visitor: a session with an agent by its public key (agentPublicKey in demo.json).
#    From here on the other tabs are the visitor's; sign in again to be an operator.
mutation StartVisit($agentPublicKey: String!) {
  startVisitorSession(input: { agentPublicKey: $agentPublicKey, displayName: "Explorer" }) {
    visitor {
      id
      displayName
    }
    visitorToken
    userErrors {
      code
      message
      path
    }
  }
}
`;

/** Interpreted by the explorer after each answer of a tab that begins a session. */
const keepToken = `const data = JSON.parse(altair.response.body).data || {};
const token = (data.signIn && data.signIn.accessToken) ||
  (data.startVisitorSession && data.startVisitorSession.visitorToken);
if (token) {
  altair.helpers.setEnvironment('token', token, true);
  altair.helpers.setEnvironment('headers', { Authorization: 'Bearer ' + token }, true);
}
`;

const json = (value: object): string => JSON.stringify(value, null, 2);

const firstTab = {
  initialName: '1 Sign in',
  initialQuery: signIn,
  initialVariables: json({ email: '', password: '' }),
  initialPostRequestScript: keepToken,
};
const secondTab = {
  initialName: '2 Inbox',
  initialQuery: inbox,
  initialVariables: json({ handoffId: '', conversationId: '', clientNonce: 'change-me-for-each-message', text: '' }),
};
const thirdTab = {
  initialName: '3 Live',
  initialQuery: live,
  initialVariables: json({ conversationId: '', organizationId: '', after: null }),
};

const fourthTab = {
  initialName: '4 Visit',
  initialQuery: visit,
  initialVariables: json({ agentPublicKey: '' }),
  initialPostRequestScript: keepToken,
};

/**
 * The script that starts Altair. It names the endpoints in the browser, where alone it is known whether the page came
 * over https and by which host name.
 */
export function explorerStartScript(graphqlPath: string): string {
  const options = {
    initialSettings: {
      theme: 'system',
      'schema.reloadOnStart': true,
      'alert.disableUpdateNotification': true,
      // Scripts of a tab go through an interpreter; the other way needs eval, which the page's policy forbids.
      'beta.disable.newScript': true,
    },
    // A script can only write into an environment that is active and is not the base. Its `headers` go with every
    // request; before the sign-in there are none, because an empty bearer token is refused, the schema included.
    initialEnvironments: {
      activeSubEnvironment: 'session',
      subEnvironments: [{ id: 'session', title: 'Session', variables: { token: '' } }],
    },
    instanceStorageNamespace: 'baton_explorer_',
    disableAccount: true,
  };
  const ownTab = {
    // The sub-protocol graphql-transport-ws; Altair calls it by the name of the library.
    initialSubscriptionRequestHandlerId: 'graphql-ws',
    initialSubscriptionsPayload: { authorization: 'Bearer {{token}}' },
  };
  const windows = [firstTab, secondTab, thirdTab, fourthTab].map((one) => ({ ...ownTab, ...one }));
  return `const path = ${JSON.stringify(graphqlPath)};
const endpoints = {
  endpointURL: location.origin + path,
  subscriptionsEndpoint: location.origin.replace(/^http/, 'ws') + path,
};
const windows = ${JSON.stringify(windows, null, 2)};
AltairGraphQL.init({
  ...${JSON.stringify(options, null, 2)},
  ...endpoints,
  initialWindows: windows.map((one) => ({ ...one, ...endpoints })),
});
`;
}
