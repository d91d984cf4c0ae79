import { expect, test } from "vitest";
import { find } from "./find";

const screens: [string, string][] = [
  ["/", "now"],
  ["/clients", "clients"],
  ["/clients/new", "new"],
  ["/clients/:id", "client"],
  ["/clients/:id/people/:contact", "person"],
];

test("every address leads to its screen", () => {
  expect(find("/", screens)?.screen).toBe("now");
  expect(find("/clients", screens)?.screen).toBe("clients");
  expect(find("/clients/new", screens)?.screen).toBe("new");
});

test("what stands at the colons is handed on", () => {
  const found = find("/clients/cli_1/people/ctc_2", screens);
  expect(found).toEqual({ screen: "person", params: { id: "cli_1", contact: "ctc_2" } });
});

test("a slash at the end changes nothing", () => {
  expect(find("/clients/", screens)?.screen).toBe("clients");
});

test("an unknown address has no screen", () => {
  expect(find("/clients/cli_1/nothing", screens)).toBeNull();
});
