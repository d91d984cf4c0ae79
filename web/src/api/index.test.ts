/// <reference types="node" />

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import createClient from "openapi-fetch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, named, sentence, Trouble } from ".";
import { words } from "../words";
import type { paths } from "./schema";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let reply: Answer = () => undefined;
const server = createServer((request, response) => reply(request, response));
let base = "";

beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const problem =
  (status: number, body: object): Answer =>
  (_, response) => {
    response.writeHead(status, { "Content-Type": "application/problem+json" });
    response.end(JSON.stringify(body));
  };

const now = () => answer(createClient<paths>({ baseUrl: base }).GET("/v1/now"));
const refusedWith = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: Trouble) => error,
  );

test("a refusal is told in the server's words, then what to do", async () => {
  reply = problem(409, {
    code: "invalid-transition",
    detail: "It is closed already",
    hint: "The screen shows what is true now.",
  });
  expect(sentence(await refusedWith(now()))).toBe("It is closed already. The screen shows what is true now.");
});

test("a wrong field keeps its own sentence beside it", async () => {
  reply = problem(422, {
    code: "validation",
    detail: "x",
    errors: [{ pointer: "/zone", detail: "a time zone is needed" }],
  });
  const trouble = await refusedWith(now());
  expect(trouble?.field("zone")).toBe("A time zone is needed.");
  expect(trouble?.field("name")).toBe("");
  expect(sentence(trouble)).toBe(words.trouble.lookAbove);
});

test("a proxy without an answer is no signal, not a refusal", async () => {
  reply = (_, response) => response.writeHead(502).end("<html>Bad gateway</html>");
  expect((await refusedWith(now()))?.kind).toBe("no-signal");
});

test("nobody listening is no signal", async () => {
  const nowhere = createClient<paths>({ baseUrl: "http://127.0.0.1:1" });
  expect((await refusedWith(answer(nowhere.GET("/v1/now"))))?.message).toBe(words.trouble.noSignal);
});

test("our own mistakes have a sentence too", () => {
  expect(sentence(new TypeError("x is not a function"))).toBe(words.trouble.ours);
});

function naming() {
  const client = createClient<paths>({ baseUrl: base });
  client.use(named);
  const body = { name: "Corner Bistro", town: "", zone: "UTC", sensitivity: "normal" } as const;
  const key = () => client.POST("/v1/clients", { body });
  const keys: string[] = [];
  const note = (status: number, body = {}): void => {
    reply = (request, response) => {
      keys.push(String(request.headers["idempotency-key"]));
      problem(status, body)(request, response);
    };
  };
  return { tap: key, keys, note };
}

test("the same wish keeps its name until it was answered", async () => {
  const { tap, keys, note } = naming();
  note(503);
  await tap();
  await tap();
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
});

test("a wish that was answered is a new wish next time", async () => {
  const { tap, keys, note } = naming();
  note(201);
  await tap();
  await tap();
  expect(keys[1]).not.toBe(keys[0]);
});
