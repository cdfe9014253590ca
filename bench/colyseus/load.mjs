// The peer's clients: so many of Colyseus' own SDK in one process, each decoding all that it is sent.
//
//   node load.mjs PORT CLIENTS SEEN
//
// It says `{"joined": …}` on standard output when all of them were sent a patch, then answers each line on
// standard input with what has arrived so far: patches, their bytes (without WebSocket's own two to four), and
// of the clients that are looked at closely, how many things they see, patch by patch, and how many of these had
// changed, all seven values. It ends with its input.

import { once } from "node:events";
import { createInterface } from "node:readline";
import { Client } from "@colyseus/sdk";

const [port, clients, seen] = process.argv.slice(2).map(Number);
const VALUES = ["x", "y", "z", "qx", "qy", "qz", "qw"];
/** The first byte's low five bits say what a message is (`Protocol.ROOM_STATE_PATCH`). */
const CODE = 0x1f;
const PATCH = 15;
/** One in so many clients is looked at closely. */
const LOOKED_AT = 25;

const arrived = { patches: 0, bytes: 0, looked: 0, changed: 0 };
let waiting = clients;

/** Counts the patches that reach a room's connection before the SDK decodes them. */
function count(room) {
  const decode = room.connection.events.onmessage;
  let first = true;
  room.connection.events.onmessage = (event) => {
    const code = new Uint8Array(event.data, 0, 1)[0] & CODE;
    decode(event);
    if (code !== PATCH) return;
    arrived.patches++;
    arrived.bytes += event.data.byteLength;
    if (first && room.state.things?.size === seen) {
      first = false;
      if (--waiting === 0) console.log(JSON.stringify({ joined: clients }));
    }
  };
}

/** Compares each thing with what it was at the patch before. */
function lookAt(room) {
  const before = new Map();
  room.onStateChange((state) => {
    for (const [name, thing] of state.things) {
      const now = VALUES.map((value) => thing[value]);
      const last = before.get(name);
      before.set(name, now);
      arrived.looked++;
      const [, , , qx, qy, qz, qw] = now;
      const turned = Math.abs(Math.hypot(qx, qy, qz, qw) - 1) < 1e-5;
      if (turned && last && now.every((value, index) => value !== last[index])) arrived.changed++;
    }
  });
}

const client = new Client(`ws://127.0.0.1:${port}`);
for (let index = 0; index < clients; index++) {
  const room = await client.joinOrCreate("city");
  count(room);
  if (index % LOOKED_AT === 0) lookAt(room);
}

for await (const _ of createInterface(process.stdin)) console.log(JSON.stringify(arrived));
process.exit(0);
