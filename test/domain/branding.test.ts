import { resolveBranding } from '../../src/domain/branding';

const workspace = { name: 'Partner', branding: {} };
const organization = { name: 'Client', branding: {} };

describe('resolveBranding', () => {
  it('shows an owner without any brand by its own name, never by the name above it', () => {
    const above = { name: 'Partner', branding: { displayName: 'Partner Ltd' } };
    expect(resolveBranding({ organization, workspace: above, server: {} }).displayName).toBe('Client');
    expect(resolveBranding({ organization: null, workspace: above, server: {} }).displayName).toBe('Partner Ltd');
    expect(resolveBranding({ organization: null, workspace, server: {} })).toEqual({
      displayName: 'Partner',
      logoUrl: null,
      primaryColor: null,
      supportEmail: null,
      emailFromName: 'Partner',
      dashboardUrl: null,
    });
  });

  it('takes each value from the organization, else the workspace, else the server', () => {
    const brand = resolveBranding({
      organization: { name: 'Client', branding: { logoUrl: 'https://client.example/logo.png', supportEmail: ' ' } },
      workspace: {
        name: 'Partner',
        branding: { logoUrl: 'https://partner.example/logo.png', supportEmail: 'help@partner.example' },
      },
      server: { dashboardUrl: 'https://app.example', supportEmail: 'help@server.example', primaryColor: '#112233' },
    });
    expect(brand).toEqual({
      displayName: 'Client',
      logoUrl: 'https://client.example/logo.png',
      primaryColor: '#112233',
      supportEmail: 'help@partner.example',
      emailFromName: 'Client',
      dashboardUrl: 'https://app.example',
    });
  });
});
