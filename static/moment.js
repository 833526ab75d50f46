// Moments as the pages write them: by the clocks of the blog.
const { lang } = document.documentElement;
// Of the ways to write a date in English, the one that the pages write.
const locale = lang === "en" ? "en-GB" : lang;

/** "11 February 2023, 08:30" */
export function moment(at, zone) {
  const part = (how) => new Intl.DateTimeFormat(locale, { ...how, timeZone: known(zone) }).format(at);
  return `${part({ dateStyle: "long" })}, ${part({ timeStyle: "short", hourCycle: "h23" })}`;
}

/** Now, as a field for date and time writes it: "2023-02-11T08:30". */
export function now(zone) {
  return new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "short", timeZone: known(zone) }).format().replace(" ", "T");
}

/** Not every browser knows every zone. */
function known(zone) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
