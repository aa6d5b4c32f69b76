/** Values with nothing wrong in them, for every text of an input. */

export const PASSWORD = 'a long enough password';
export const KEYS = {
  p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
  auth: 'tBHItJI5svbpez7KI4CCXg',
};
const WEEKLY = [{ day: 'MONDAY', opens: '09:00', closes: '17:00' }];
export const HOURS = { timeZone: 'UTC', weekly: WEEKLY, closedDays: ['2027-12-25'] };
export const BRANDING = {
  ...{ dashboardUrl: 'https://127.0.0.1/', logoUrl: 'https://127.0.0.1/', displayName: 'Brand' },
  ...{ emailFromName: 'Brand', primaryColor: '#123456', supportEmail: 'help@example.com' },
};

export const MAIL_SETTINGS = {
  ...{ host: '127.0.0.1', port: 2525, security: 'NONE', username: 'shoes', password: PASSWORD },
  ...{ fromAddress: 'team@example.com', replyTo: 'help@example.com' },
};
