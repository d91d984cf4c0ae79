/** What can be rung and written to from anywhere: a number with its country. */

/** Whether texts and calls can reach it; without its country no provider takes it. */
export const isPhone = (text: string): boolean => /^\+[\d\s()/.-]{6,}$/.test(text.trim());
