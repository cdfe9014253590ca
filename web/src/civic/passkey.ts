/** Passkeys in the browser (W3C Web Authentication Level 3): options and answers as JSON, on every browser. */

import { ownProblem, type ProblemError } from "../api/problem";

/** Why this address or browser can have no passkey. */
export type Obstacle = "address" | "insecure" | "unsupported";

/** Numbers are no names: a passkey belongs to a name (section 5.1.3, "effective domain"). */
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/i;
const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\])$/;

export function obstacle(
  host: string = location.hostname,
  isSecure: boolean = isSecureContext,
): Obstacle | null {
  if (ADDRESS.test(host)) return "address";
  if (!isSecure) return "insecure";
  return typeof PublicKeyCredential === "undefined" ? "unsupported" : null;
}

/** The same page under a name that passkeys work for, when it is served by this very device. */
export function nameOfLoopback(address: string = location.href): string | null {
  const url = new URL(address);
  if (!LOOPBACK.test(url.hostname)) return null;
  url.hostname = "localhost";
  return url.href;
}

type Json = Readonly<Record<string, unknown>>;

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function textOf(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function descriptors(list: unknown): PublicKeyCredentialDescriptor[] {
  const entries = Array.isArray(list) ? (list as Json[]) : [];
  return entries.map((one) => ({ ...one, type: "public-key", id: bytesOf(String(one.id)) }));
}

/** `parseCreationOptionsFromJSON`, for browsers that lack it. */
export function creationOptions(json: Json): PublicKeyCredentialCreationOptions {
  const user = json.user as Json;
  return {
    ...(json as unknown as PublicKeyCredentialCreationOptions),
    challenge: bytesOf(String(json.challenge)),
    user: { ...(user as unknown as PublicKeyCredentialUserEntity), id: bytesOf(String(user.id)) },
    excludeCredentials: descriptors(json.excludeCredentials),
  };
}

/** `parseRequestOptionsFromJSON`, for browsers that lack it. */
export function requestOptions(json: Json): PublicKeyCredentialRequestOptions {
  return {
    ...(json as unknown as PublicKeyCredentialRequestOptions),
    challenge: bytesOf(String(json.challenge)),
    allowCredentials: descriptors(json.allowCredentials),
  };
}

/** `toJSON`, for browsers that lack it. */
export function credentialJson(credential: PublicKeyCredential): Json {
  const response = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const parts: Record<string, unknown> = { clientDataJSON: textOf(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"] as const) {
    if (response[name]) parts[name] = textOf(response[name]);
  }
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: parts,
  };
}

/** Whether the browser reads JSON by itself. */
function reads(parser: "parseCreationOptionsFromJSON" | "parseRequestOptionsFromJSON"): boolean {
  return typeof PublicKeyCredential !== "undefined" && parser in PublicKeyCredential;
}

/** Have the browser make a passkey. Throws ProblemError. */
export function createPasskey(json: Json): Promise<Json> {
  return answered(() => {
    const publicKey = reads("parseCreationOptionsFromJSON")
      ? PublicKeyCredential.parseCreationOptionsFromJSON(
          json as unknown as PublicKeyCredentialCreationOptionsJSON,
        )
      : creationOptions(json);
    return navigator.credentials.create({ publicKey });
  });
}

/** Have the browser find a passkey. Throws ProblemError. */
export function findPasskey(json: Json): Promise<Json> {
  return answered(() => {
    const publicKey = reads("parseRequestOptionsFromJSON")
      ? PublicKeyCredential.parseRequestOptionsFromJSON(
          json as unknown as PublicKeyCredentialRequestOptionsJSON,
        )
      : requestOptions(json);
    return navigator.credentials.get({ publicKey });
  });
}

async function answered(ask: () => Promise<Credential | null>): Promise<Json> {
  try {
    const credential = (await ask()) as PublicKeyCredential | null;
    if (credential === null) throw ownProblem("passkey_none", "passkey.cancelled");
    return typeof credential.toJSON === "function"
      ? (credential.toJSON() as unknown as Json)
      : credentialJson(credential);
  } catch (error) {
    throw error instanceof DOMException ? refusal(error.name) : error;
  }
}

/** What the browser's refusals mean (section 5.1.3, step 21 and following). */
function refusal(name: string): ProblemError {
  switch (name) {
    case "InvalidStateError":
      return ownProblem("passkey_known", "passkey.known");
    case "SecurityError":
      return ownProblem("passkey_address", "passkey.address");
    case "NotSupportedError":
    case "ConstraintError":
      return ownProblem("passkey_unsupported", "passkey.no_device");
    default:
      return ownProblem("passkey_cancelled", "passkey.cancelled");
  }
}
