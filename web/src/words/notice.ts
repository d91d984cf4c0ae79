/** What a notice says when a push brings nothing readable. */
export const notice = {
  title: "Nightdesk",
  unknown: "Open the app: something needs you.",
  onIt: "I’m on it",
};
