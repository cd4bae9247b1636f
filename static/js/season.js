/* The weeks of the season by the arrow keys: one stop for Tab, and from there on. Without it each week is a stop. */
"use strict";

{
  const weeks = [...document.querySelectorAll("a.wk")];
  const box = (week) => week.getBoundingClientRect();

  // The week that lies nearest in the line above or below: as it is drawn, however many stand beside one another.
  const across = (from, by) => {
    const here = box(from);
    const beyond = weeks.filter((week) => (box(week).top - here.top) * by > 2);
    const gap = (week) => Math.abs(box(week).top - here.top);
    const nearest = Math.min(...beyond.map(gap));
    const line = beyond.filter((week) => gap(week) - nearest <= 2);
    const aside = (week) => Math.abs(box(week).left - here.left);
    return line.sort((one, other) => aside(one) - aside(other))[0];
  };
  const along = (from, by) => weeks[weeks.indexOf(from) + by];
  const ways = {
    ArrowLeft: (week) => along(week, -1),
    ArrowRight: (week) => along(week, 1),
    ArrowUp: (week) => across(week, -1),
    ArrowDown: (week) => across(week, 1),
    Home: () => weeks[0],
    End: () => weeks.at(-1),
  };

  const stop = (chosen) => { for (const week of weeks) week.tabIndex = week === chosen ? 0 : -1; };

  for (const week of weeks) {
    week.addEventListener("focus", () => stop(week));
    week.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !Object.hasOwn(ways, event.key)) return;
      event.preventDefault();
      ways[event.key](week)?.focus();
    });
  }
  stop(weeks.find((week) => week.hasAttribute("aria-current")) ?? weeks[0]);
  for (const words of document.querySelectorAll("[data-week-keys]")) words.hidden = false;
}
