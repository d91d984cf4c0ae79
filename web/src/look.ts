/** Night or day: dark between 22:00 and 07:00 whatever the system says, unless it is switched off. */

export type Wish = "clock" | "night" | "system";
export type Look = "night" | "day";

const NAME = "look";
const GROUND: Record<Look, string> = { night: "#0b0d10", day: "#faf9f6" };

/** Which palette this wish means at this hour. */
export function lookFor(wish: Wish, hour: number, systemIsLight: boolean): Look {
  if (wish === "night") return "night";
  if (wish === "clock" && (hour >= 22 || hour < 7)) return "night";
  return systemIsLight ? "day" : "night";
}

export function wished(): Wish {
  const value = localStorage.getItem(NAME);
  return value === "night" || value === "system" ? value : "clock";
}

export function wish(value: Wish): void {
  localStorage.setItem(NAME, value);
  dress();
}

const light = () => matchMedia("(prefers-color-scheme: light)");

function dress(): void {
  const look = lookFor(wished(), new Date().getHours(), light().matches);
  document.documentElement.dataset.look = look;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", GROUND[look]);
}

/** Dress now, and again whenever the hour or the system changes. */
export function startLook(): void {
  dress();
  light().addEventListener("change", dress);
  document.addEventListener("visibilitychange", dress);
  setInterval(dress, 60_000);
}
