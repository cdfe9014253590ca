// The peer's server: one Colyseus room at 20 Hz whose things all move before every patch.
//
//   node server.mjs THINGS SEEN
//
// Each thing has seven float32 values. With SEEN 0 everybody is sent everything; else each client has a
// StateView of its own that holds SEEN things, the n-th client the n-th and those after it.
// It says `{"port": …}` on standard output, then answers each line on standard input with what it spent so far,
// `{"microseconds": …}` of processor time, and ends with its input.

import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Room, Server } from "@colyseus/core";
import { Encoder, StateView, schema, t } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";

const HZ = 20;
const WALK = 1.4;
const [things, seen] = process.argv.slice(2).map(Number);

// Every view of a tick stands in this buffer; its own documentation says to make it large enough.
Encoder.BUFFER_SIZE = 1024 * 1024;

const Thing = schema(
  {
    x: t.float32(),
    y: t.float32(),
    z: t.float32(),
    qx: t.float32(),
    qy: t.float32(),
    qz: t.float32(),
    qw: t.float32(),
  },
  "Thing",
);
const Everything = schema({ things: t.map(Thing) }, "Everything");
const Views = schema({ things: t.map(Thing).view() }, "Views");

/** Puts a thing where it is after some seconds: it walks a circle of its own and looks about. */
function move(thing, index, seconds) {
  const radius = 5 + (index % 37);
  const around = index + (WALK * seconds) / radius;
  thing.x = radius * Math.cos(around);
  thing.y = 1.6 + 0.04 * Math.sin(7 * seconds + index);
  thing.z = radius * Math.sin(around);
  const yaw = (0.5 * Math.sin(1.3 * seconds + index) - around) / 2;
  const pitch = 0.1 * Math.sin(0.9 * seconds + 2 * index);
  thing.qx = Math.cos(yaw) * Math.sin(pitch);
  thing.qy = Math.sin(yaw) * Math.cos(pitch);
  thing.qz = -Math.sin(yaw) * Math.sin(pitch);
  thing.qw = Math.cos(yaw) * Math.cos(pitch);
}

class City extends Room {
  onCreate() {
    this.state = seen ? new Views() : new Everything();
    for (let index = 0; index < things; index++) this.state.things.set(String(index), new Thing());
    this.all = [...this.state.things.values()];
    this.ticks = 0;
    this.joined = 0;
    this.onBeforePatch();
    this.patchRate = 1000 / HZ;
  }

  onBeforePatch() {
    const seconds = this.ticks++ / HZ;
    for (let index = 0; index < things; index++) move(this.all[index], index, seconds);
  }

  onJoin(client) {
    const first = this.joined++;
    if (!seen) return;
    client.view = new StateView();
    for (let next = 0; next < seen; next++) client.view.add(this.all[(first + next) % things]);
  }
}

const http = createServer();
const server = new Server({ transport: new WebSocketTransport({ server: http }), greet: false });
server.define("city", City);
await server.listen(0, "127.0.0.1");
if (!http.listening) await once(http, "listening");
console.log(JSON.stringify({ port: http.address().port }));

for await (const _ of createInterface(process.stdin)) {
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ microseconds: user + system }));
}
process.exit(0);
