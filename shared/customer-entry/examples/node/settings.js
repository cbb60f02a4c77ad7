// What the application reads from its environment. `scripts/dev.sh --app ADDRESS` prints all of it.

const REQUIRED = {
  HAND_OFF_ISSUER: 'https://www.googleapis.com/service_accounts/v1/metadata/x509/HAND_OFF_SIGNER',
  APPLICATION_ORIGIN: 'where customers find this application, such as https://app.example.com',
  PORTICO_PUSH_IDENTITY: 'e-mail of the service account that the subscription pushes as',
  PORTICO_PUSH_AUDIENCE: 'the audience that the subscription is configured with',
  PORTICO_URL: "where Portico's functions are",
};

const { env } = process;
const missing = Object.entries(REQUIRED).filter(([name]) => !env[name]);
if (missing.length > 0) {
  console.error(`not set: ${missing.map(([name, meaning]) => `${name} (${meaning})`).join('; ')}`);
  process.exit(64);
}

export const ISSUER = env.HAND_OFF_ISSUER;
export const ORIGIN = env.APPLICATION_ORIGIN;
export const PUSH_IDENTITY = env.PORTICO_PUSH_IDENTITY;
export const PUSH_AUDIENCE = env.PORTICO_PUSH_AUDIENCE;
// Deployed, each function is a service with an address of its own. Here the address is the audience, too.
export const USAGE_URL = env.PORTICO_USAGE_URL ?? env.PORTICO_URL;
export const LINKS_URL = env.PORTICO_LINKS_URL ?? env.PORTICO_URL;
// Other addresses only in tests and locally.
export const KEYS_URL = env.HAND_OFF_KEYS_URL ?? ISSUER;
export const PUSH_KEYS_URL = env.PORTICO_PUSH_KEYS_URL ?? 'https://www.googleapis.com/oauth2/v1/certs';
export const PORT = Number(env.PORT ?? 3000);
