import { expect, test } from "vitest";
import { Line, type Doors } from "./live";

/** A server with numbered events: what was missed, and streams that can be spoken through. */
class Server implements Doors {
  log: number[] = [];
  asked: number[] = [];
  streams: { after: number | null; target: EventTarget; closed: boolean }[] = [];

  async missed(after: number) {
    this.asked.push(after);
    return this.log
      .filter((seq) => seq > after)
      .slice(0, 100)
      .map((seq) => ({ seq }));
  }

  stream(after: number | null) {
    const stream = { after, target: new EventTarget(), closed: false };
    this.streams.push(stream);
    return Object.assign(stream.target, { close: () => (stream.closed = true) }) as unknown as EventSource;
  }

  speak(seq: number, kind = "incident.grown") {
    this.log.push(seq);
    const event = Object.assign(new Event(kind), { lastEventId: String(seq) });
    this.streams.at(-1)?.target.dispatchEvent(event);
  }
}

function listening() {
  const server = new Server();
  const line = new Line(server);
  let heard = 0;
  line.onNews(() => heard++);
  return { server, line, heard: () => heard };
}

test("waking opens a stream and tells everybody to look", async () => {
  const { server, line, heard } = listening();
  await line.wake();
  expect(server.streams).toHaveLength(1);
  expect(server.streams[0]?.after).toBeNull();
  expect(heard()).toBe(1);
});

test("news is told once, however often it is delivered", async () => {
  const { server, line, heard } = listening();
  await line.wake();
  server.speak(7);
  server.speak(7);
  server.speak(6);
  expect(heard()).toBe(2);
});

test("after sleep it first asks what was missed, then opens a new stream behind it", async () => {
  const { server, line, heard } = listening();
  await line.wake();
  server.speak(7);
  server.log.push(8, 9);
  await line.wake();
  expect(server.asked).toEqual([7]);
  expect(server.streams.map((one) => [one.after, one.closed])).toEqual([
    [null, true],
    [9, false],
  ]);
  expect(heard()).toBe(3);
});

test("a long absence is caught up in several steps", async () => {
  const { server, line } = listening();
  await line.wake();
  server.speak(1);
  for (let seq = 2; seq <= 250; seq++) server.log.push(seq);
  await line.wake();
  expect(server.asked).toEqual([1, 101, 201]);
  expect(server.streams.at(-1)?.after).toBe(250);
});

test("without a signal the stream is opened all the same", async () => {
  const { server, line, heard } = listening();
  await line.wake();
  server.speak(3);
  server.missed = () => Promise.reject(new Error("no signal"));
  await line.wake();
  expect(server.streams.at(-1)?.after).toBe(3);
  expect(heard()).toBe(3);
});

test("waking twice at once opens one stream", async () => {
  const { server, line } = listening();
  await Promise.all([line.wake(), line.wake()]);
  expect(server.streams).toHaveLength(1);
});
