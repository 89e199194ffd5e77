// The days until the interview as a calendar file (RFC 5545): times are the reader's own, in whatever zone they are.

import { DAY } from "./memory.mjs";

/** @typedef {{ day: number, time?: string, minutes?: number, title: string, text: string }} Appointment */

const WIDTH = 74; // octets of a line, without the space that continues it
const encoder = new TextEncoder();

/** @param {string} text */
const escaped = (text) => text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, "\\n");

/** A line cut where it gets too long, never within a sign. @param {string} line */
const folded = (line) => {
  const parts = [""];
  let octets = 0;
  for (const sign of line) {
    const size = encoder.encode(sign).length;
    if (octets + size > WIDTH) {
      parts.push("");
      octets = 0;
    }
    parts[parts.length - 1] += sign;
    octets += size;
  }
  return parts.join("\r\n ");
};

/** @param {number} day by number */
const dateOf = (day) => new Date(day * DAY).toISOString().slice(0, 10).replaceAll("-", "");

/** @type {(appointment: Appointment, stamp: string, site: string) => string[]} */
const event = ({ day, time, minutes = 0, title, text }, stamp, site) => {
  const date = dateOf(day);
  const when = time
    ? [`DTSTART:${date}T${time.replace(":", "")}00`, `DURATION:PT${minutes}M`]
    : [`DTSTART;VALUE=DATE:${date}`, `DTEND;VALUE=DATE:${dateOf(day + 1)}`];
  return [
    "BEGIN:VEVENT", `UID:${date}-${time ? "study" : "interview"}@${site}`, `DTSTAMP:${stamp}`, ...when,
    `SUMMARY:${escaped(title)}`, `DESCRIPTION:${escaped(text)}`, "TRANSP:OPAQUE", "END:VEVENT",
  ];
};

/**
 * Appointments as the text of an .ics file. The same day's appointment replaces its earlier version when the file is
 * imported again.
 *
 * @param {Appointment[]} appointments
 * @param {number} now in milliseconds
 * @param {string} site a name for the ids
 */
export const calendarFile = (appointments, now, site) => {
  const stamp = `${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
  const lines = [
    "BEGIN:VCALENDAR", "VERSION:2.0", `PRODID:-//${site}//interview plan//EN`, "CALSCALE:GREGORIAN",
    ...appointments.flatMap((appointment) => event(appointment, stamp, site)), "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
};

/**
 * An evening for each day from today to the one before the interview, and the day itself.
 *
 * @param {object} given
 * @param {number} given.today by number
 * @param {number} given.day of the interview
 * @param {string} given.time of the evening, as 19:00
 * @param {number} given.minutes
 * @param {string} given.address of the page that says what to do
 * @returns {Appointment[]}
 */
export const studyDays = ({ today, day, time, minutes, address }) => [
  ...Array.from({ length: Math.max(0, day - today) }, (_, i) => {
    const left = day - today - i;
    const title = `Interview prep, ${left === 1 ? "the last evening" : `${left} days left`}`;
    return { day: today + i, time, minutes, title, text: `Today's list: ${address}` };
  }),
  { day, title: "Interview", text: `The sheet for the day: ${new URL("kit.html", address).href}` },
];
