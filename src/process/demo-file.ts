export interface DemoPerson {
  readonly email: string;
  readonly password: string;
  readonly userId: string;
}

/** What `demo.json` tells: everything that is needed to try Baton out. Ids are public ids. */
export interface Demo {
  readonly graphqlUrl: string;
  readonly workspaceId: string;
  readonly organizationId: string;
  readonly agentId: string;
  readonly agentPublicKey: string;
  readonly owner: DemoPerson;
  readonly operators: readonly DemoPerson[];
  /** A member who also has MANAGE_AGENT_SETTINGS. */
  readonly settingsMember: DemoPerson;
}
